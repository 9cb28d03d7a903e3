//===- blocking_calls_receive.cpp - calls that receive bytes
//---------------===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// read, readv, recv, recvfrom, recvmsg. A call that has bytes returns them;
// only MSG_WAITALL on a stream promises more, so it goes on after the bytes
// that it had when the update signal cut it short.
//
//===----------------------------------------------------------------------===//

#include "byte_pieces.h"
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

using namespace upstare;

// libc's: reports the overflow and ends the program.
extern "C" void __chk_fail(void) __attribute__((noreturn));

UPSTARE_EXPORT ssize_t upstare_read(int Descriptor, void *Bytes, size_t Size) {
  return callKernel(CallKind::Plain, 0, SYS_read, Descriptor, toKernel(Bytes),
                    long(Size));
}

UPSTARE_EXPORT ssize_t upstare_read_chk(int Descriptor, void *Bytes,
                                        size_t Size, size_t Room) {
  if (Size > Room)
    __chk_fail();
  return upstare_read(Descriptor, Bytes, Size);
}

UPSTARE_EXPORT ssize_t upstare_readv(int Descriptor, const iovec *Array,
                                     int Count) {
  return callKernel(CallKind::Plain, 0, SYS_readv, Descriptor, toKernel(Array),
                    Count);
}

//===----------------------------------------------------------------------===//
// MSG_WAITALL
//===----------------------------------------------------------------------===//

/// movesOn() for a call that waits for all; bytes that were only looked at are
/// looked at again from the first.
static bool receivesOn(BlockedCall &Call, const WindowResult &Result,
                       uint64_t Total, int Flags) {
  if (!(Flags & MSG_WAITALL) || (Flags & (MSG_OOB | MSG_ERRQUEUE)) ||
      !movesOn(Call, Result, Total, int(Call.Arguments[0]), Flags))
    return false;
  if (Flags & MSG_PEEK)
    Call.Done = 0;
  return true;
}

// recv, recvfrom: (descriptor, bytes, size, flags, address, its size)

static WindowResult issueReceive(BlockedCall &Call) {
  const int64_t *A = Call.Arguments;
  if (!Call.Done)
    return enterKernel(Call.Number, A[0], A[1], A[2], A[3], A[4], A[5]);
  return enterKernel(Call.Number, A[0], A[1] + int64_t(Call.Done),
                     A[2] - int64_t(Call.Done), A[3]);
}

static bool receiveGoesOn(BlockedCall &Call, const WindowResult &Result) {
  return receivesOn(Call, Result, uint64_t(Call.Arguments[2]),
                    int(Call.Arguments[3]));
}

const CallRules upstare::ReceiveRules = {issueReceive, receiveGoesOn, nullptr};

UPSTARE_EXPORT ssize_t upstare_recvfrom(int Descriptor, void *Bytes,
                                        size_t Size, int Flags,
                                        sockaddr *Address,
                                        socklen_t *AddressSize) {
  return callKernel(CallKind::Receive, 0, SYS_recvfrom, Descriptor,
                    toKernel(Bytes), long(Size), Flags, toKernel(Address),
                    toKernel(AddressSize));
}

UPSTARE_EXPORT ssize_t upstare_recvfrom_chk(int Descriptor, void *Bytes,
                                            size_t Size, size_t Room, int Flags,
                                            sockaddr *Address,
                                            socklen_t *AddressSize) {
  if (Size > Room)
    __chk_fail();
  return upstare_recvfrom(Descriptor, Bytes, Size, Flags, Address, AddressSize);
}

UPSTARE_EXPORT ssize_t upstare_recv(int Descriptor, void *Bytes, size_t Size,
                                    int Flags) {
  return upstare_recvfrom(Descriptor, Bytes, Size, Flags, nullptr, nullptr);
}

UPSTARE_EXPORT ssize_t upstare_recv_chk(int Descriptor, void *Bytes,
                                        size_t Size, size_t Room, int Flags) {
  if (Size > Room)
    __chk_fail();
  return upstare_recv(Descriptor, Bytes, Size, Flags);
}

// recvmsg: (descriptor, message, flags)

/// The rest of a message: its control data may still come, unless it has.
static WindowResult issueReceiveMessage(BlockedCall &Call) {
  const int64_t *A = Call.Arguments;
  if (!Call.Done)
    return enterKernel(Call.Number, A[0], A[1], A[2]);
  msghdr &Message = *fromKernel<msghdr>(A[1]);
  VectorPart Part(Message.msg_iov, Message.msg_iovlen, Call.Done, MaxTransfer);
  Call.Asked = Part.Bytes;
  msghdr Rest = {};
  Rest.msg_iov = Part.Vectors;
  Rest.msg_iovlen = size_t(Part.Count);
  bool ControlCame = Message.msg_controllen != 0;
  if (!ControlCame) {
    Rest.msg_control = Message.msg_control;
    Rest.msg_controllen = Call.ControlSize;
  }
  WindowResult Result = enterKernel(Call.Number, A[0], toKernel(&Rest), A[2]);
  if (Result.Value >= 0) {
    Message.msg_flags |= Rest.msg_flags;
    if (!ControlCame)
      Message.msg_controllen = Rest.msg_controllen;
  }
  return Result;
}

static bool receiveMessageGoesOn(BlockedCall &Call,
                                 const WindowResult &Result) {
  if (Result.Value <= 0)
    return false;
  const msghdr &Message = *fromKernel<msghdr>(Call.Arguments[1]);
  // The kernel never joins what came with control data to what follows.
  if (Message.msg_controllen && Call.ControlSize)
    return false;
  return receivesOn(Call, Result,
                    totalBytes(Message.msg_iov, int64_t(Message.msg_iovlen)),
                    int(Call.Arguments[2]));
}

const CallRules upstare::ReceiveMessageRules = {issueReceiveMessage,
                                                receiveMessageGoesOn, nullptr};

UPSTARE_EXPORT ssize_t upstare_recvmsg(int Descriptor, msghdr *Message,
                                       int Flags) {
  if (!(Flags & MSG_WAITALL))
    return callKernel(CallKind::Plain, 0, SYS_recvmsg, Descriptor,
                      toKernel(Message), Flags);
  BlockedCall Call = makeCall(CallKind::ReceiveMessage, 0, SYS_recvmsg,
                              Descriptor, toKernel(Message), Flags);
  Call.ControlSize = Message ? uint32_t(Message->msg_controllen) : 0;
  return startCall(Call);
}
