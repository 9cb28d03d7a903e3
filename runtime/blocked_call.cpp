//===- blocked_call.cpp - arguments of an interrupted call
//-----------------===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which arguments of which system call point to how much memory: what an update
// must know to let a call go on in objects that it moved.
//
//===----------------------------------------------------------------------===//

#include "blocked_call.h"
#include "upstare/upstare.h"
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>

using namespace upstare;

const char *upstare::callName(const BlockedCall &Call) {
  switch (Call.Number) {
  case SYS_read:
    return "read";
  case SYS_readv:
    return "readv";
  case SYS_write:
    return "write";
  case SYS_writev:
    return "writev";
  case SYS_recvfrom:
    return "recv";
  case SYS_recvmsg:
    return "recvmsg";
  case SYS_sendto:
    return "send";
  case SYS_sendmsg:
    return "sendmsg";
  case SYS_sendfile:
    return "sendfile";
  case SYS_accept:
  case SYS_accept4:
    return "accept";
  case SYS_connect:
    return "connect";
  case SYS_poll:
  case SYS_ppoll:
    return "poll";
  case SYS_pselect6:
    return "select";
  case SYS_epoll_wait:
  case SYS_epoll_pwait:
    return "epoll_wait";
  case SYS_clock_nanosleep:
    return "sleep";
  case SYS_pause:
    return "pause";
  case SYS_rt_sigsuspend:
    return "sigsuspend";
  case SYS_rt_sigtimedwait:
    return "sigwait";
  case SYS_wait4:
  case SYS_waitid:
    return "wait";
  case SYS_flock:
    return "flock";
  case SYS_fcntl:
    return "fcntl";
  default:
    return "system call";
  }
}

namespace {

/// Forwards the arguments of one call.
class Forwarder {
public:
  Forwarder(BlockedCall &Call, upstare_update *Update)
      : Call(Call), Update(Update) {}

  void run();

private:
  BlockedCall &Call;
  upstare_update *Update;

  int64_t &argument(int Index) { return Call.Arguments[Index]; }
  template <typename T> T *pointer(int Index) {
    return reinterpret_cast<T *>(uintptr_t(argument(Index)));
  }

  uintptr_t forwarded(uintptr_t Place, uint64_t TargetSize) {
    return uintptr_t(upstare_forward_typed(
        Update, reinterpret_cast<void *>(Place), TargetSize));
  }
  uintptr_t forwardSpan(uintptr_t First, uint64_t Size, uint64_t ElementSize);

  void fail(uint64_t Size);
  void forwardArray(int Index, uint64_t Count, uint64_t ElementSize);
  template <typename T> void forwardObject(int Index) {
    forwardArray(Index, 1, sizeof(T));
  }
  void forwardBytes(int Index, uint64_t Size) { forwardArray(Index, Size, 1); }
  void forwardAddress(int Index, int SizeIndex);
  void checkVectors(const iovec *Array, uint64_t Count);
  void forwardMessage(int Index);
};

} // namespace

void Forwarder::fail(uint64_t Size) {
  char Text[160];
  snprintf(Text, sizeof(Text),
           "%s() waits with %llu bytes of an object whose layout changes, and "
           "they do not stay together",
           callName(Call), (unsigned long long)Size);
  upstare_fail(Update, Text);
}

/// The new place of Size bytes at First; 0 if they are no longer together. They
/// may be one object, or an array of elements of ElementSize bytes: an address
/// alone does not tell.
uintptr_t Forwarder::forwardSpan(uintptr_t First, uint64_t Size,
                                 uint64_t ElementSize) {
  uintptr_t Last = forwarded(First + Size - 1, 1);
  const uint64_t Candidates[] = {Size, ElementSize};
  for (uint64_t TargetSize : Candidates) {
    uintptr_t Start = forwarded(First, TargetSize);
    if (Last - Start == Size - 1)
      return Start;
  }
  return 0;
}

void Forwarder::forwardArray(int Index, uint64_t Count, uint64_t ElementSize) {
  uint64_t Size = Count * ElementSize;
  if (!argument(Index))
    return;
  if (!Size) {
    argument(Index) = int64_t(forwarded(uintptr_t(argument(Index)), 0));
    return;
  }
  uintptr_t Place = forwardSpan(uintptr_t(argument(Index)), Size, ElementSize);
  if (!Place)
    return fail(Size);
  argument(Index) = int64_t(Place);
}

/// A socket address that the call fills in, with room for *size bytes.
void Forwarder::forwardAddress(int Index, int SizeIndex) {
  if (auto *Size = pointer<socklen_t>(SizeIndex))
    forwardBytes(Index, *Size);
  forwardObject<socklen_t>(SizeIndex);
}

/// The array itself is data of the program, whose pointers the update forwards;
/// what they point to must stay as long as the array says.
void Forwarder::checkVectors(const iovec *Array, uint64_t Count) {
  for (uint64_t I = 0; Array && I < Count; ++I)
    if (Array[I].iov_base && Array[I].iov_len &&
        !forwardSpan(uintptr_t(Array[I].iov_base), Array[I].iov_len, 1))
      return fail(Array[I].iov_len);
}

void Forwarder::forwardMessage(int Index) {
  auto *Message = pointer<msghdr>(Index);
  if (!Message)
    return;
  checkVectors(Message->msg_iov, Message->msg_iovlen);
  forwardObject<msghdr>(Index);
}

void Forwarder::run() {
  switch (Call.Number) {
  case SYS_read:
  case SYS_write:
    return forwardBytes(1, uint64_t(argument(2)));
  case SYS_readv:
  case SYS_writev:
    checkVectors(pointer<iovec>(1), uint64_t(argument(2)));
    return forwardArray(1, uint64_t(argument(2)), sizeof(iovec));
  case SYS_sendto:
    forwardBytes(1, uint64_t(argument(2)));
    return forwardBytes(4, uint64_t(argument(5)));
  case SYS_recvfrom:
    forwardBytes(1, uint64_t(argument(2)));
    return forwardAddress(4, 5);
  case SYS_sendmsg:
  case SYS_recvmsg:
    return forwardMessage(1);
  case SYS_sendfile:
    return forwardObject<off_t>(2);
  case SYS_accept:
  case SYS_accept4:
    return forwardAddress(1, 2);
  case SYS_connect:
    return forwardBytes(1, uint64_t(argument(2)));
  case SYS_poll:
    return forwardArray(0, uint64_t(argument(1)), sizeof(pollfd));
  case SYS_ppoll:
    forwardArray(0, uint64_t(argument(1)), sizeof(pollfd));
    forwardObject<timespec>(2);
    return forwardObject<sigset_t>(3);
  case SYS_pselect6:
    for (int Index = 1; Index <= 3; ++Index)
      forwardObject<fd_set>(Index);
    forwardObject<timespec>(4); // or a timeval: as large
    return forwardObject<sigset_t>(5);
  case SYS_epoll_wait:
  case SYS_epoll_pwait:
    forwardArray(1, uint64_t(argument(2)), sizeof(epoll_event));
    return forwardObject<sigset_t>(4);
  case SYS_clock_nanosleep:
    forwardObject<timespec>(2);
    return forwardObject<timespec>(3);
  case SYS_rt_sigsuspend:
    return forwardObject<sigset_t>(0);
  case SYS_rt_sigtimedwait:
    forwardObject<sigset_t>(0);
    forwardObject<siginfo_t>(1);
    forwardObject<timespec>(2);
    return forwardObject<int>(3);
  case SYS_wait4:
    forwardObject<int>(1);
    return forwardObject<rusage>(3);
  case SYS_waitid:
    return forwardObject<siginfo_t>(2);
  case SYS_fcntl:
    return forwardObject<struct flock>(2);
  default: // pause, flock: no pointers
    return;
  }
}

void upstare::forwardArguments(BlockedCall &Call, upstare_update *Update) {
  Forwarder(Call, Update).run();
}
