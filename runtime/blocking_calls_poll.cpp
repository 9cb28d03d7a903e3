//===- blocking_calls_poll.cpp - calls that wait for descriptors
//-----------===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// poll, ppoll, select, pselect, epoll_wait, epoll_pwait. The first issue is the
// system call that libc makes; later ones are the variants that take the rest
// of the timeout and a signal mask, so that the signals that were held back are
// let in and looked for in one step.
//
//===----------------------------------------------------------------------===//

#include "blocking_calls.h"
#include "call_time.h"
#include "wait_mask.h"
#include <poll.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/syscall.h>
#include <unistd.h>

using namespace upstare;

extern "C" void __chk_fail(void) __attribute__((noreturn));

/// The timeout as the kernel takes it; null for none.
static timespec *timeArgument(const BlockedCall &Call, timespec &Room) {
  if (!(Call.Flags & CallHasTimeout))
    return nullptr;
  Room = toTimespec(Call.Timeout);
  return &Room;
}

//===----------------------------------------------------------------------===//
// poll: (array, count, milliseconds)
//===----------------------------------------------------------------------===//

static WindowResult issuePoll(BlockedCall &Call) {
  const int64_t *A = Call.Arguments;
  if (!(Call.Flags & CallIsLater) || A[2] == 0)
    return enterKernel(SYS_poll, A[0], A[1], A[2]);
  timespec Room;
  WaitMask Mask(Call, nullptr);
  return enterKernel(SYS_ppoll, A[0], A[1], toKernel(timeArgument(Call, Room)),
                     Mask.argument(), WaitMask::Size);
}

const CallRules upstare::PollRules = {issuePoll, nullptr, nullptr};

UPSTARE_EXPORT int upstare_poll(pollfd *Array, nfds_t Count, int Milliseconds) {
  if (Milliseconds <= 0)
    return int(callKernel(CallKind::Poll, 0, SYS_poll, toKernel(Array),
                          long(Count), Milliseconds));
  BlockedCall Call = makeCall(CallKind::Poll, 0, SYS_poll, toKernel(Array),
                              long(Count), Milliseconds);
  setTimeout(Call, int64_t(Milliseconds) * 1000000);
  return int(startCall(Call));
}

UPSTARE_EXPORT int upstare_poll_chk(pollfd *Array, nfds_t Count,
                                    int Milliseconds, size_t Room) {
  if (Room / sizeof(pollfd) < Count)
    __chk_fail();
  return upstare_poll(Array, Count, Milliseconds);
}

//===----------------------------------------------------------------------===//
// ppoll: (array, count, timespec, mask)
//===----------------------------------------------------------------------===//

static WindowResult issuePrecisePoll(BlockedCall &Call) {
  const int64_t *A = Call.Arguments;
  timespec Room;
  WaitMask Mask(Call, fromKernel<sigset_t>(A[3]));
  long Time = Call.Flags & CallHasTimeout ? toKernel(timeArgument(Call, Room))
                                          : long(A[2]);
  return enterKernel(SYS_ppoll, A[0], A[1], Time, Mask.argument(),
                     WaitMask::Size);
}

const CallRules upstare::PrecisePollRules = {issuePrecisePoll, nullptr,
                                             nullptr};

UPSTARE_EXPORT int upstare_ppoll(pollfd *Array, nfds_t Count,
                                 const timespec *Timeout,
                                 const sigset_t *Mask) {
  BlockedCall Call =
      makeCall(CallKind::PrecisePoll, 0, SYS_ppoll, toKernel(Array),
               long(Count), toKernel(Timeout), toKernel(Mask));
  if (Timeout && isValid(*Timeout))
    setTimeout(Call, toNanoseconds(Timeout->tv_sec, Timeout->tv_nsec));
  return int(startCall(Call));
}

UPSTARE_EXPORT int upstare_ppoll_chk(pollfd *Array, nfds_t Count,
                                     const timespec *Timeout,
                                     const sigset_t *Mask, size_t Room) {
  if (Room / sizeof(pollfd) < Count)
    __chk_fail();
  return upstare_ppoll(Array, Count, Timeout, Mask);
}

//===----------------------------------------------------------------------===//
// select, pselect: (count, read, write, except, time, mask)
//===----------------------------------------------------------------------===//

static WindowResult issueSelect(BlockedCall &Call) {
  const int64_t *A = Call.Arguments;
  WaitMask Mask(Call, fromKernel<sigset_t>(A[5]));
  const struct {
    long Mask;
    size_t Size;
  } MaskAndSize = {Mask.argument(), WaitMask::Size};
  timespec Room;
  timespec *Left = timeArgument(Call, Room);
  WindowResult Result =
      enterKernel(SYS_pselect6, A[0], A[1], A[2], A[3],
                  Left ? toKernel(Left) : long(A[4]), toKernel(&MaskAndSize));
  if (Left && Result.How == WindowExit::Returned)
    Call.Timeout = toNanoseconds(Left->tv_sec, Left->tv_nsec);
  return Result;
}

/// Linux's select() tells how much time was left.
static long finishSelect(BlockedCall &Call, long Result) {
  if ((Call.Flags & CallTellsTimeval) && (Call.Flags & CallHasTimeout)) {
    timespec Left = toTimespec(Call.Timeout);
    *fromKernel<timeval>(Call.Arguments[4]) = {Left.tv_sec,
                                               Left.tv_nsec / 1000};
  }
  return Result;
}

const CallRules upstare::SelectRules = {issueSelect, nullptr, finishSelect};

UPSTARE_EXPORT int upstare_select(int Count, fd_set *Read, fd_set *Write,
                                  fd_set *Except, timeval *Timeout) {
  BlockedCall Call = makeCall(CallKind::Select, CallTellsTimeval, SYS_pselect6,
                              Count, toKernel(Read), toKernel(Write),
                              toKernel(Except), toKernel(Timeout));
  if (Timeout) {
    if (Timeout->tv_sec < 0 || Timeout->tv_usec < 0)
      return int(returnFromLibc(-EINVAL));
    setTimeout(Call, toNanoseconds(Timeout->tv_sec + Timeout->tv_usec / 1000000,
                                   Timeout->tv_usec % 1000000 * 1000));
  }
  return int(startCall(Call));
}

UPSTARE_EXPORT int upstare_pselect(int Count, fd_set *Read, fd_set *Write,
                                   fd_set *Except, const timespec *Timeout,
                                   const sigset_t *Mask) {
  BlockedCall Call = makeCall(CallKind::Select, 0, SYS_pselect6, Count,
                              toKernel(Read), toKernel(Write), toKernel(Except),
                              toKernel(Timeout), toKernel(Mask));
  if (Timeout && isValid(*Timeout))
    setTimeout(Call, toNanoseconds(Timeout->tv_sec, Timeout->tv_nsec));
  return int(startCall(Call));
}

//===----------------------------------------------------------------------===//
// epoll_wait, epoll_pwait: (descriptor, events, room, milliseconds, mask)
//===----------------------------------------------------------------------===//

static WindowResult issueEpollWait(BlockedCall &Call) {
  const int64_t *A = Call.Arguments;
  if (!(Call.Flags & CallIsLater) && Call.Number == SYS_epoll_wait)
    return enterKernel(SYS_epoll_wait, A[0], A[1], A[2], A[3]);
  WaitMask Mask(Call, fromKernel<sigset_t>(A[4]));
  // Rounded up: never earlier than asked for.
  long Milliseconds = Call.Flags & CallHasDeadline && Call.Flags & CallIsLater
                          ? long((Call.Timeout + 999999) / 1000000)
                          : long(A[3]);
  return enterKernel(SYS_epoll_pwait, A[0], A[1], A[2], Milliseconds,
                     Mask.argument(), WaitMask::Size);
}

const CallRules upstare::EpollWaitRules = {issueEpollWait, nullptr, nullptr};

UPSTARE_EXPORT int upstare_epoll_wait(int Descriptor, epoll_event *Events,
                                      int Room, int Milliseconds) {
  if (Milliseconds <= 0)
    return int(callKernel(CallKind::EpollWait, 0, SYS_epoll_wait, Descriptor,
                          toKernel(Events), Room, Milliseconds));
  BlockedCall Call = makeCall(CallKind::EpollWait, 0, SYS_epoll_wait,
                              Descriptor, toKernel(Events), Room, Milliseconds);
  setTimeout(Call, int64_t(Milliseconds) * 1000000);
  return int(startCall(Call));
}

UPSTARE_EXPORT int upstare_epoll_pwait(int Descriptor, epoll_event *Events,
                                       int Room, int Milliseconds,
                                       const sigset_t *Mask) {
  BlockedCall Call =
      makeCall(CallKind::EpollWait, 0, SYS_epoll_pwait, Descriptor,
               toKernel(Events), Room, Milliseconds, toKernel(Mask));
  if (Milliseconds > 0)
    setTimeout(Call, int64_t(Milliseconds) * 1000000);
  return int(startCall(Call));
}
