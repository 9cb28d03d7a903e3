//===- blocking_calls_sleep.cpp - calls that wait for time or signals
//------===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// nanosleep, clock_nanosleep, sleep, usleep; pause, sigsuspend; sigwait,
// sigwaitinfo, sigtimedwait.
//
//===----------------------------------------------------------------------===//

#include "blocking_calls.h"
#include "call_time.h"
#include "wait_mask.h"
#include <sys/syscall.h>
#include <unistd.h>

using namespace upstare;

//===----------------------------------------------------------------------===//
// Sleeps: (clock, 0, -, time left)
//===----------------------------------------------------------------------===//

static WindowResult issueSleep(BlockedCall &Call) {
  timespec Time = toTimespec(Call.Timeout), Left = {0, 0};
  WindowResult Result = enterKernel(SYS_clock_nanosleep, Call.Arguments[0], 0,
                                    toKernel(&Time), toKernel(&Left));
  if (Result.Value == -EINTR && Result.How == WindowExit::Returned)
    Call.Timeout = toNanoseconds(Left.tv_sec, Left.tv_nsec);
  return Result;
}

static long finishSleep(BlockedCall &Call, long Result) {
  if (Result == -EINTR && Call.Arguments[3])
    *fromKernel<timespec>(Call.Arguments[3]) = toTimespec(Call.Timeout);
  return Result;
}

const CallRules upstare::SleepRules = {issueSleep, nullptr, finishSleep};

/// The clock that measures a relative sleep on Clock: setting the time of day
/// does not move its end.
static clockid_t steadyClock(clockid_t Clock) {
  return Clock == CLOCK_REALTIME || Clock == CLOCK_TAI ? CLOCK_MONOTONIC
                                                       : Clock;
}

static long sleepFor(clockid_t Clock, int64_t Nanoseconds, timespec *Left,
                     uint32_t Flags) {
  BlockedCall Call = makeCall(CallKind::Sleep, Flags | CallNeverRestarts,
                              SYS_clock_nanosleep, Clock, 0, 0, toKernel(Left));
  setTimeout(Call, Nanoseconds, steadyClock(Clock));
  return startCall(Call);
}

/// clock_nanosleep and nanosleep; Errors says how they tell failures.
static long sleepAsTold(clockid_t Clock, int Flags, const timespec *Time,
                        timespec *Left, uint32_t Errors) {
  // An absolute time stays what it is, and a bad one is the kernel's to refuse.
  if (Flags || !Time || !isValid(*Time))
    return callKernel(CallKind::Plain, Errors | CallNeverRestarts,
                      SYS_clock_nanosleep, Clock, Flags, toKernel(Time),
                      toKernel(Left));
  return sleepFor(Clock, toNanoseconds(Time->tv_sec, Time->tv_nsec), Left,
                  Errors);
}

UPSTARE_EXPORT int upstare_clock_nanosleep(clockid_t Clock, int Flags,
                                           const timespec *Time,
                                           timespec *Left) {
  if (Clock == CLOCK_THREAD_CPUTIME_ID)
    return EINVAL;
  return int(sleepAsTold(Clock, Flags, Time, Left, CallReturnsError));
}

UPSTARE_EXPORT int upstare_nanosleep(const timespec *Time, timespec *Left) {
  return int(sleepAsTold(CLOCK_REALTIME, 0, Time, Left, 0));
}

UPSTARE_EXPORT int upstare_usleep(useconds_t Microseconds) {
  return int(
      sleepFor(CLOCK_REALTIME, int64_t(Microseconds) * 1000, nullptr, 0));
}

UPSTARE_EXPORT unsigned upstare_sleep(unsigned Seconds) {
  return unsigned(sleepFor(CLOCK_REALTIME, toNanoseconds(Seconds, 0), nullptr,
                           CallReturnsLeft));
}

//===----------------------------------------------------------------------===//
// pause: (); sigsuspend: (mask)
//===----------------------------------------------------------------------===//

static WindowResult issueSuspend(BlockedCall &Call) {
  WaitMask Mask(Call, fromKernel<sigset_t>(Call.Arguments[0]));
  if (!Mask.argument())
    return enterKernel(SYS_pause);
  return enterKernel(SYS_rt_sigsuspend, Mask.argument(), WaitMask::Size);
}

const CallRules upstare::SuspendRules = {issueSuspend, nullptr, nullptr};

UPSTARE_EXPORT int upstare_pause() {
  return int(callKernel(CallKind::Suspend, 0, SYS_pause));
}

UPSTARE_EXPORT int upstare_sigsuspend(const sigset_t *Mask) {
  BlockedCall Call =
      makeCall(CallKind::Suspend, 0, SYS_rt_sigsuspend, toKernel(Mask));
  return int(startCall(Call));
}

//===----------------------------------------------------------------------===//
// sigwait and its family: (set, info, -, int *signal)
//===----------------------------------------------------------------------===//

static WindowResult issueSignalWait(BlockedCall &Call) {
  const int64_t *A = Call.Arguments;
  WaitMask Set(Call, fromKernel<sigset_t>(A[0]));
  timespec Time = toTimespec(Call.Timeout);
  long TimeArgument =
      Call.Flags & CallHasTimeout ? toKernel(&Time) : long(A[2]);
  return enterKernel(SYS_rt_sigtimedwait, Set.argument(), A[1], TimeArgument,
                     WaitMask::Size);
}

/// sigwait() is not ended by handlers.
static bool signalWaitGoesOn(BlockedCall &Call, const WindowResult &Result) {
  return Result.Value == -EINTR && Call.Arguments[3];
}

static long finishSignalWait(BlockedCall &Call, long Result) {
  if (Result < 0)
    return Result;
  auto *Info = fromKernel<siginfo_t>(Call.Arguments[1]);
  if (Info && Info->si_code == SI_TKILL)
    Info->si_code = SI_USER; // as glibc tells it
  auto *Signal = fromKernel<int>(Call.Arguments[3]);
  if (!Signal)
    return Result;
  *Signal = int(Result);
  return 0;
}

const CallRules upstare::SignalWaitRules = {issueSignalWait, signalWaitGoesOn,
                                            finishSignalWait};

UPSTARE_EXPORT int upstare_sigtimedwait(const sigset_t *Set, siginfo_t *Info,
                                        const timespec *Timeout) {
  BlockedCall Call =
      makeCall(CallKind::SignalWait, CallNeverRestarts, SYS_rt_sigtimedwait,
               toKernel(Set), toKernel(Info), toKernel(Timeout));
  if (Timeout && isValid(*Timeout))
    setTimeout(Call, toNanoseconds(Timeout->tv_sec, Timeout->tv_nsec));
  return int(startCall(Call));
}

UPSTARE_EXPORT int upstare_sigwaitinfo(const sigset_t *Set, siginfo_t *Info) {
  return upstare_sigtimedwait(Set, Info, nullptr);
}

UPSTARE_EXPORT int upstare_sigwait(const sigset_t *Set, int *Signal) {
  BlockedCall Call =
      makeCall(CallKind::SignalWait, CallReturnsError, SYS_rt_sigtimedwait,
               toKernel(Set), 0, 0, toKernel(Signal));
  return int(startCall(Call));
}
