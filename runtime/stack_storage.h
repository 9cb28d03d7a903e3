//===- stack_storage.h - where new frames' objects lie ----------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Allocates the records of the new frames and the storage of pinned objects
// that do not stay where they are. The latter is where nothing of the old stack
// is needed any more: between what is kept of it, or below.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_RUNTIME_STACK_STORAGE_H
#define UPSTARE_RUNTIME_STACK_STORAGE_H

#include "update.h"

namespace upstare {

/// Fills Update.Frames[].Record (zeros, but for addresses of pinned objects,
/// and the copy if the frame does not change), completes and sorts Update.Moved
/// and Update.StackObjects, and sets Update.Kept and NewCallSp.
Status placeFrames(upstare_update &Update);

} // namespace upstare

#endif // UPSTARE_RUNTIME_STACK_STORAGE_H
