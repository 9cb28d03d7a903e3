//===- frame_mapping.h - where each frame goes on ---------------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Finds the place in the new version for every frame of the old one, and checks
// that neighbours fit together.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_RUNTIME_FRAME_MAPPING_H
#define UPSTARE_RUNTIME_FRAME_MAPPING_H

#include "update.h"

namespace upstare {

/// Fills Update.Frames[].Point. CannotMap: some frame has no place; the
/// message says which, and the program may soon have left it.
Status mapFrames(upstare_update &Update);

} // namespace upstare

#endif // UPSTARE_RUNTIME_FRAME_MAPPING_H
