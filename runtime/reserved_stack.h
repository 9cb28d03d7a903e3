//===- reserved_stack.h - which part of the old stack stays -----*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// How much of the old stack must be kept for pinned objects. Without this, the
// stack would grow by its own depth with every update.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_RUNTIME_RESERVED_STACK_H
#define UPSTARE_RUNTIME_RESERVED_STACK_H

#include "update.h"

namespace upstare {

/// Fills Update.Kept with what the records of the old version may lead to: the
/// rest of the stack below the root is free once the update is committed, and
/// can be written to now (an abort puts the frames back that are still used).
void keepReferencedStack(upstare_update &Update);

} // namespace upstare

#endif // UPSTARE_RUNTIME_RESERVED_STACK_H
