//===- blocking_calls.cpp - interruption and continuation
//------------------===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What all blocking calls have in common: the way from an interruption to the
// update point and back into the kernel. See blocking_calls.h.
//
//===----------------------------------------------------------------------===//

#include "blocking_calls.h"
#include "call_time.h"
#include "signals.h"
#include <pthread.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

using namespace upstare;

static WindowResult issuePlain(BlockedCall &Call) {
  const int64_t *A = Call.Arguments;
  return enterKernel(Call.Number, A[0], A[1], A[2], A[3], A[4], A[5]);
}

static const CallRules &rulesOf(CallKind Kind) {
  static const CallRules PlainRules = {issuePlain, nullptr, nullptr};
  switch (Kind) {
  case CallKind::Plain:
    return PlainRules;
  case CallKind::Connect:
    return ConnectRules;
  case CallKind::Send:
    return SendRules;
  case CallKind::SendVector:
    return SendVectorRules;
  case CallKind::SendMessage:
    return SendMessageRules;
  case CallKind::SendFile:
    return SendFileRules;
  case CallKind::Receive:
    return ReceiveRules;
  case CallKind::ReceiveMessage:
    return ReceiveMessageRules;
  case CallKind::Poll:
    return PollRules;
  case CallKind::PrecisePoll:
    return PrecisePollRules;
  case CallKind::EpollWait:
    return EpollWaitRules;
  case CallKind::Select:
    return SelectRules;
  case CallKind::Sleep:
    return SleepRules;
  case CallKind::Suspend:
    return SuspendRules;
  case CallKind::SignalWait:
    return SignalWaitRules;
  }
  return PlainRules;
}

static WindowResult issue(BlockedCall &Call) {
  const CallRules &Rules = rulesOf(Call.Kind);
  return Rules.Issue ? Rules.Issue(Call) : issuePlain(Call);
}

WindowResult upstare::enterKernel(long Number, long A0, long A1, long A2,
                                  long A3, long A4, long A5) {
  if (__libc_single_threaded)
    return upstare_syscall_window(&SignalSeen, Number, A0, A1, A2, A3, A4, A5);
  // As libc does it: cancellable while in the kernel, and only there.
  int Type;
  pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, &Type);
  WindowResult Result =
      upstare_syscall_window(&SignalSeen, Number, A0, A1, A2, A3, A4, A5);
  pthread_setcanceltype(Type, nullptr);
  return Result;
}

static void restoreMask(BlockedCall &Call) {
  Call.Flags &= ~CallHasMask;
  syscall(SYS_rt_sigprocmask, SIG_SETMASK, &Call.Mask, nullptr,
          sizeof(Call.Mask));
}

/// Whether the call waits under a mask that it gives to the kernel itself, so
/// that what is pending interrupts it without help.
static bool unblocksInKernel(const BlockedCall &Call) {
  switch (Call.Kind) {
  case CallKind::Poll:
  case CallKind::PrecisePoll:
  case CallKind::EpollWait:
  case CallKind::Select:
  case CallKind::Suspend:
    return true;
  default:
    return false;
  }
}

/// Lets the program's signals in again before the call is issued once more, and
/// says whether one that came meanwhile would have ended it.
static bool endedByProgramSignal(BlockedCall &Call) {
  if (!(Call.Flags & CallHasMask) || unblocksInKernel(Call))
    return false;
  uint64_t Pending = 0;
  syscall(SYS_rt_sigpending, &Pending, sizeof(Pending));
  Pending &= ~Call.Mask;
  bool Handled = false, Ends = false;
  for (int Signal = 1; Signal <= 64; ++Signal) {
    if (!(Pending >> (Signal - 1) & 1) || Signal == updateSignal())
      continue;
    struct sigaction Action;
    if (sigaction(Signal, nullptr, &Action) != 0 ||
        Action.sa_handler == SIG_DFL || Action.sa_handler == SIG_IGN)
      continue;
    Handled = true;
    Ends |= !(Action.sa_flags & SA_RESTART);
  }
  restoreMask(Call);
  return Ends || (Handled && (Call.Done || (Call.Flags & CallNeverRestarts)));
}

/// The update point. SignalSeen is cleared before the request is looked at: a
/// signal that comes later makes the window be left again.
static void comeToUpdatePoint(BlockedCall &Call) {
  SignalSeen = 0;
  if (RequestPending && hasRoot())
    updateAt(&Call);
  Call.Flags |= CallIsLater;
  updateTimeLeft(Call);
}

/// The end of a call: what it returns as a libc function.
static long finish(BlockedCall &Call, long Result) {
  if (Call.Done)
    Result = Result < 0 ? long(Call.Done) : Result + long(Call.Done);
  if (auto *Finish = rulesOf(Call.Kind).Finish)
    Result = Finish(Call, Result);
  // Handlers that run now must not disturb errno.
  if (Call.Flags & CallHasMask)
    restoreMask(Call);
  if (Call.Flags & CallReturnsError)
    return Result < 0 ? -Result : Result;
  if ((Call.Flags & CallReturnsLeft) && Result == -EINTR) {
    errno = EINTR;
    return long(Call.Timeout / NanosecondsPerSecond);
  }
  return returnFromLibc(Result);
}

long upstare::continueCall(BlockedCall &Call, WindowResult Result) {
  const CallRules &Rules = rulesOf(Call.Kind);
  while (true) {
    if (Result.How == WindowExit::Signalled && !(Call.Flags & CallHasMask)) {
      Call.Mask = InterruptedMask;
      Call.Flags |= CallHasMask;
    }
    bool Interrupted =
        Result.How != WindowExit::Returned && Result.Value == -EINTR;
    if (!Interrupted && !(Rules.GoesOn && Rules.GoesOn(Call, Result)))
      return finish(Call, Result.Value);
    if (Interrupted || RequestPending)
      comeToUpdatePoint(Call);
    if (endedByProgramSignal(Call))
      Result = {-EINTR, WindowExit::Returned};
    else
      Result = issue(Call);
  }
}

long upstare::startCall(BlockedCall &Call) {
  noteStack();
  if (RequestPending)
    comeToUpdatePoint(Call);
  return continueCall(Call, issue(Call));
}

extern "C" long upstare_resume_blocked_call(upstare_frame *Record) {
  BlockedCall Call = reinterpret_cast<BlockedCallRecord *>(Record)->Call;
  Call.Flags |= CallIsLater;
  updateTimeLeft(Call);
  if (endedByProgramSignal(Call))
    return continueCall(Call, {-EINTR, WindowExit::Returned});
  return continueCall(Call, issue(Call));
}
