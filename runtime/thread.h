//===- thread.h - a thread that can be updated ------------------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the runtime keeps for a thread with a root: where its stack's parts
// begin, and the state of an update in progress. In this version one thread
// has a root: the one that runs main.
//
// The stack of such a thread, from high to low addresses:
//
//   RootSp      the root's frame is above; its callee's return address below
//               what earlier versions have left: old frames, dead but for the
//               pinned objects in them, which stay where they are, and storage
//               of pinned objects that have moved (kept_stack.h)
//   CallSp      where the outermost frame of the current version was called;
//               equal to RootSp before the first update
//               frames of the current version
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_RUNTIME_THREAD_H
#define UPSTARE_RUNTIME_THREAD_H

#include "blocked_call.h"
#include "kept_stack.h"
#include "signals.h"
#include "stack_room.h"
#include "upstare/abi.h"
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <unwind.h>

namespace upstare {

/// Callee-saved state, as upstareSaveAndCall() pushes it.
struct SavedContext {
  uint32_t Mxcsr;
  uint32_t X87Control;
  uint64_t R15, R14, R13, R12, Rbx, Rbp;
  uint64_t ReturnAddress;
};

/// All integer registers, as upstare_update_point pushes them.
struct SavedRegisters {
  uint64_t R11, R10, R9, R8, Rdi, Rsi, Rdx, Rcx, Rax;
  uint64_t R15, R14, R13, R12, Rbx, Rbp;
  uint64_t ReturnAddress;
};

/// An update point in progress; Registers is null in a blocking call.
struct UpdatePointEntry {
  SavedRegisters *Registers;
  void *XsaveArea;

  /// The caller's stack pointer behind the call.
  uintptr_t callerSp() const {
    return reinterpret_cast<uintptr_t>(Registers + 1);
  }
};

struct Thread {
  // The first three are known to root_x86_64.S.
  uintptr_t RootSp;    // 0: there is no root (yet, or any more)
  uintptr_t RootFrame; // its frame pointer
  uintptr_t CallSp;
  KeptStack Kept; // between RootSp and CallSp; the rest is free
  StackUse Use;
  uintptr_t StackAddress; // anywhere in its stack; 0: main does not run
  pid_t Pid;              // of the process in which Tid is right
  pid_t Tid;

  /// Set while the runtime works for this thread: code that it calls then
  /// (transformers) may come to update points, which do nothing.
  bool Busy;

  UpdatePointEntry Entry;

  /// Holds signals back from before Busy is set to the end of Rebuild. A
  /// committed update does not return to where it was constructed.
  alignas(ParkedSignals) unsigned char Parked[sizeof(ParkedSignals)];
  int Errno; // of the program, at the update point

  /// The call in which the thread was parked by the last committed update; the
  /// innermost "frame" of the rebuilt stack.
  BlockedCallRecord Blocked;

  _Unwind_Exception Exception;
};

static_assert(offsetof(Thread, RootFrame) == 8 &&
                  offsetof(Thread, CallSp) == 16 &&
                  offsetof(SavedContext, X87Control) == 4 &&
                  sizeof(SavedContext) == 64,
              "root_x86_64.S relies on it");

/// The calling thread's, or null.
Thread *self();
void setSelf(Thread *T);

} // namespace upstare

// root_x86_64.S
extern "C" {
/// Calls Main(Argc, Argv, Envp); its frame is the root.
int upstareRoot(upstare::Thread *T, int (*Main)(int, char **, char **),
                int Argc, char **Argv, char **Envp);

/// Saves the callee-saved state on the stack, calls Function(context,
/// Argument) and returns its result.
long upstareSaveAndCall(long (*Function)(upstare::SavedContext *, void *),
                        void *Argument);

/// Makes the upstareSaveAndCall() whose context this is return Value.
[[noreturn]] void upstareReturnTo(upstare::SavedContext *Context, long Value);

/// Drops the current stack and calls Function(Argument), which must not
/// return, on the one that ends at Top.
[[noreturn]] void upstareSwitchStack(void *Top, void (*Function)(void *),
                                     void *Argument);

/// Calls Function(Argument) on the stack that ends at Top.
void upstareCallOnStack(void *Top, void (*Function)(void *), void *Argument);

/// Returns to Registers->ReturnAddress with all registers of the update point.
[[noreturn]] void upstareEnterPad(upstare::SavedRegisters *Registers,
                                  void *XsaveArea);

/// Calls Rebuild(Record) as if the root had called it with its stack pointer at
/// Sp, with the floating-point modes of Modes; its result is main's.
[[noreturn]] void upstareStartRebuild(upstare::Thread *T, uintptr_t Sp,
                                      void *Rebuild, upstare_frame *Record,
                                      const upstare::SavedContext *Modes);
}

#endif // UPSTARE_RUNTIME_THREAD_H
