//===- contexts.h - stacks that the program makes --------------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Answers: may there be frames on stacks that no walk from an update point
// sees? A coroutine that waits in swapcontext would go on in old code.
//
// makecontext tells. Who switches stacks by hand is noticed when the thread
// that runs main comes, on another stack, to a blocking call, or to an update
// point while an update is wanted.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_RUNTIME_CONTEXTS_H
#define UPSTARE_RUNTIME_CONTEXTS_H

#include <stdint.h>

namespace upstare {

/// Where the program has called makecontext last; 0: it never has.
uintptr_t contextMaker();

/// Code that has run on another stack; 0: none was noticed.
extern uintptr_t OtherStackUser; // NOLINT(bugprone-dynamic-*)

/// Where main's stack is; before main runs and when it has ended, everywhere.
struct MainStack {
  uintptr_t Low;
  uintptr_t Size;
  bool contains(uintptr_t Sp) const { return Sp - Low < Size; }
};
extern MainStack TheMainStack; // NOLINT(bugprone-dynamic-*)
/// Address: of main's caller's frame; 0: main has ended.
void setMainStack(uintptr_t Address);

/// Looks whose stack the calling thread is on, when it is not main's.
void lookAtStack();

/// For blocking calls.
inline void noteStack() {
  uintptr_t Sp;
  __asm__("movq %%rsp, %0" : "=r"(Sp));
  if (__builtin_expect(!TheMainStack.contains(Sp), false))
    lookAtStack();
}

} // namespace upstare

#endif // UPSTARE_RUNTIME_CONTEXTS_H
