//===- stack_walk.h - may this stack be updated? ----------------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The check before a stack is touched: every frame from the update point to the
// root is instrumented code. A foreign frame in between (qsort, a signal
// handler) has no record, so the update has to wait until it has returned.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_RUNTIME_STACK_WALK_H
#define UPSTARE_RUNTIME_STACK_WALK_H

#include "address_space.h"
#include "error.h"
#include "thread.h"

namespace upstare {

/// Walks the calling thread's stack. Ok: the frames are the runtime's own, then
/// code in Instrumented, then the root. Else NotNow, and Why names the frame
/// and the stack down to it.
Status checkStack(const Thread &T, const AddressRanges &Instrumented,
                  ErrorText &Why);

/// Whether no signal handler is active on the way to the root: the program is
/// then not in the middle of a libc function that may not be entered again.
bool stackIsCalm(const Thread &T);

} // namespace upstare

#endif // UPSTARE_RUNTIME_STACK_WALK_H
