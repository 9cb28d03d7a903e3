//===- stack_follower.h - from frame to frame -------------------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The frames of the calling thread, innermost first, as far as they can be
// followed. Nothing here allocates or locks, and a stack whose unwind
// information is wrong is left, not crashed on.
//
// Signals are held back while a stack is followed.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_RUNTIME_STACK_FOLLOWER_H
#define UPSTARE_RUNTIME_STACK_FOLLOWER_H

#include "thread.h"
#include <stdint.h>

namespace upstare {

struct StackFrame {
  uintptr_t Pc;        // in the call, or of the interrupted instruction
  bool IsSignalReturn; // where a signal handler returns to: libc's code
  bool IsInterrupted;  // by the signal whose frame came before
  bool IsInstrumented; // in an image that has instrumented code
  bool IsRuntime;      // this library's, further out than other code
};

enum class StackStart {
  Here,       // the caller, but for frames of the runtime
  Interrupted // what the signal interrupted whose handler calls
};

struct StackEnd {
  enum {
    Root,  // below main: all is known
    Left,  // by the visitor
    Last,  // there is no frame behind, or nothing tells where
    Astray // what should be the caller of the last frame is none
  } Kind;
  uintptr_t LastPc; // of the frame that was reached last
  uintptr_t LastSp;
};

/// Whether there are more frames behind the last one, of which nothing is
/// known.
bool isLost(const StackEnd &End);

/// Where the unwind information says that the function at Pc begins; null: it
/// says nothing.
const void *functionAt(uintptr_t Pc);

/// Calls Visit(Frame) until it returns false.
StackEnd followStack(const Thread &T, StackStart Start,
                     bool (*Visit)(const StackFrame &, void *), void *Argument);

template <typename Visitor>
StackEnd followStack(const Thread &T, StackStart Start, Visitor Visit) {
  return followStack(
      T, Start,
      [](const StackFrame &Frame, void *Argument) {
        return (*static_cast<Visitor *>(Argument))(Frame);
      },
      &Visit);
}

} // namespace upstare

#endif // UPSTARE_RUNTIME_STACK_FOLLOWER_H
