//===- blocking_calls.h - libc calls that an update may interrupt -*- C++
//-*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the wrappers (blocking_calls_*.cpp) share. Instrumented code calls
// upstare_<name> in place of <name> (upstare/blocking_calls.def). A wrapper
// enters the kernel through the syscall window and, when nothing else happens,
// that is all. Otherwise the rules of its CallKind say what is left, the thread
// comes to an update point, and the rest is issued: by the same wrapper, or by
// upstare_resume_blocked_call() on behalf of the new version.
//
// What the program sees is what it would have seen without the update signal:
//  - timeouts keep their deadline;
//  - bytes that were transferred are not transferred again, and a transfer that
//    only the update signal cut short goes on;
//  - from the interruption until the call is issued again all signals are
//    blocked; if one with a handler is pending then, the call ends with EINTR
//    (or restarts) as if it had arrived in the call.
//
// After a commit the wrapper's own frame does not exist any more: whatever is
// to be done after the call belongs in CallRules::Finish, not in the wrapper.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_RUNTIME_BLOCKING_CALLS_H
#define UPSTARE_RUNTIME_BLOCKING_CALLS_H

#include "blocked_call.h"
#include "contexts.h"
#include "export.h"
#include "syscall_window.h"
#include "update_point.h"
#include <errno.h>
#include <sys/single_threaded.h>

namespace upstare {

/// What one CallKind does. Null members: the plain behaviour.
struct CallRules {
  /// Issues what is left.
  WindowResult (*Issue)(BlockedCall &Call);
  /// Told the result of an issue that was not merely interrupted. True: there
  /// is more to do (Done counts what was done).
  bool (*GoesOn)(BlockedCall &Call, const WindowResult &Result);
  /// Told the final result; tells the program what it wants to know beside it,
  /// and may change the result.
  long (*Finish)(BlockedCall &Call, long Result);
};
extern const CallRules SendRules, SendVectorRules, SendMessageRules,
    SendFileRules, ReceiveRules, ReceiveMessageRules; // blocking_calls_bytes*
extern const CallRules PollRules, PrecisePollRules, EpollWaitRules,
    SelectRules; // blocking_calls_poll
extern const CallRules SleepRules, SuspendRules,
    SignalWaitRules;                 // blocking_calls_sleep
extern const CallRules ConnectRules; // blocking_calls_plain

/// Enters the kernel through the window (as a cancellation point, where that
/// can matter).
WindowResult enterKernel(long Number, long A0 = 0, long A1 = 0, long A2 = 0,
                         long A3 = 0, long A4 = 0, long A5 = 0);

/// Comes to an update point if one is asked for, then issues the call, and so
/// on until it is done. Returns what the libc function would.
long startCall(BlockedCall &Call);

/// As startCall() after the first issue, which left the window with Result.
long continueCall(BlockedCall &Call, WindowResult Result);

/// A kernel result as libc tells it.
inline long returnFromLibc(long Result) {
  if (__builtin_expect(Result < 0 && Result >= -4095, false)) {
    errno = int(-Result);
    return -1;
  }
  return Result;
}

/// Whether nothing but the window is needed: no request stands, and pthreads
/// that could be cancelled do not exist.
inline bool onlyWindow() { return !RequestPending && __libc_single_threaded; }

/// A fresh call, before its first issue.
inline BlockedCall makeCall(CallKind Kind, uint32_t Flags, long Number,
                            long A0 = 0, long A1 = 0, long A2 = 0, long A3 = 0,
                            long A4 = 0, long A5 = 0) {
  BlockedCall Call = {};
  Call.Kind = Kind;
  Call.Flags = Flags;
  Call.Number = Number;
  const int64_t Arguments[6] = {A0, A1, A2, A3, A4, A5};
  __builtin_memcpy(Call.Arguments, Arguments, sizeof(Arguments));
  return Call;
}

/// A call whose first issue needs no preparation.
inline long callKernel(CallKind Kind, uint32_t Flags, long Number, long A0 = 0,
                       long A1 = 0, long A2 = 0, long A3 = 0, long A4 = 0,
                       long A5 = 0) {
  noteStack();
  if (__builtin_expect(onlyWindow(), true)) {
    WindowResult Result =
        upstare_syscall_window(&SignalSeen, Number, A0, A1, A2, A3, A4, A5);
    if (__builtin_expect(Result.How == WindowExit::Returned, true) &&
        !(Flags & CallReturnsError))
      return returnFromLibc(Result.Value);
    BlockedCall Call = makeCall(Kind, Flags, Number, A0, A1, A2, A3, A4, A5);
    return continueCall(Call, Result);
  }
  BlockedCall Call = makeCall(Kind, Flags, Number, A0, A1, A2, A3, A4, A5);
  return startCall(Call);
}

/// Pointers as kernel arguments.
inline long toKernel(const volatile void *Pointer) {
  return long(reinterpret_cast<uintptr_t>(Pointer));
}
template <typename T> T *fromKernel(int64_t Argument) {
  return reinterpret_cast<T *>(uintptr_t(Argument));
}

} // namespace upstare

#endif // UPSTARE_RUNTIME_BLOCKING_CALLS_H
