//===- stack_text.h - a stack, for people -----------------------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What an operator reads when a stack cannot be updated: the frame that is in
// the way, what helps, and all frames.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_RUNTIME_STACK_TEXT_H
#define UPSTARE_RUNTIME_STACK_TEXT_H

#include "stack_follower.h"
#include "stack_walk.h"

namespace upstare {

/// Writes what was found on the calling thread's stack, and the stack. Returns
/// NotNow, NotReached for Obstacle::NoPoint, or NoRoot for NoMain.
/// Instrumented: of the patch; null: all code of instrumented images counts.
Status tellStack(const Thread &T, StackStart Start, const StackFinding &Found,
                 const AddressRanges *Instrumented, ErrorText &Why);

/// The function at Pc has called makecontext.
Status tellContextMaker(uintptr_t Pc, ErrorText &Why);
/// There was a stack that began at Pc.
Status tellOtherStack(uintptr_t Pc, ErrorText &Why);

} // namespace upstare

#endif // UPSTARE_RUNTIME_STACK_TEXT_H
