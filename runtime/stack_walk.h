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

/// What is in the way of an update, and where.
enum class Obstacle {
  None,
  SignalHandler, // Pc is in the handler
  ForeignCode,
  Allocator,  // the program's own malloc, which may not be entered again
  Unwinding,  // nothing right is known of the caller of the frame at Pc
  OtherStack, // the stack begins with the frame at Pc, not in main
  NoMain,     // main does not run, yet or any more
  NoPoint     // nothing, but the code has not come to an update point
};
struct StackFinding {
  Obstacle What = Obstacle::None;
  uintptr_t Pc = 0;
};

/// Walks the calling thread's stack. Ok: the frames are the runtime's own, then
/// code in Instrumented, then the root. Else NotNow, and Why names the frame
/// and the stack down to it.
Status checkStack(const Thread &T, const AddressRanges &Instrumented,
                  ErrorText &Why);

/// Whether libc may be called, and the dynamic linker, by this thread and by
/// others: no signal handler is active (it may have interrupted a function that
/// may not be entered again), nor a function that holds the dynamic linker's
/// locks, nor an allocator of the program's own.
bool stackIsCalm(const Thread &T);

/// In the handler of the update signal: why the thread does not come to an
/// update point, with its stack. NotNow, NotReached or NoRoot.
Status explainStack(const Thread &T, ErrorText &Why);

} // namespace upstare

#endif // UPSTARE_RUNTIME_STACK_WALK_H
