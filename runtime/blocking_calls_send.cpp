//===- blocking_calls_send.cpp - calls that send bytes
//---------------------===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// write, writev, send, sendto, sendmsg, sendfile: what was sent is not sent
// again, and the program is told the sum. The rest of a transfer to a socket is
// sent with MSG_NOSIGNAL: the kernel raises no SIGPIPE for a call that has
// already moved bytes.
//
//===----------------------------------------------------------------------===//

#include "byte_pieces.h"
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

using namespace upstare;

//===----------------------------------------------------------------------===//
// write, send, sendto: (descriptor, bytes, size, flags, address, its size)
//===----------------------------------------------------------------------===//

static uint64_t upToMax(int64_t Size) {
  return uint64_t(Size) < MaxTransfer ? uint64_t(Size) : MaxTransfer;
}

static uint64_t sendTotal(const BlockedCall &Call) {
  return upToMax(Call.Arguments[2]);
}

static WindowResult issueSend(BlockedCall &Call) {
  const int64_t *A = Call.Arguments;
  if (!Call.Done && !(Call.Flags & CallIsCut))
    return enterKernel(Call.Number, A[0], A[1], A[2], A[3], A[4], A[5]);
  Call.Asked = nextPiece(Call, sendTotal(Call));
  long Rest = long(A[1] + int64_t(Call.Done));
  if (Call.Flags & CallOnSocket)
    return enterKernel(SYS_sendto, A[0], Rest, long(Call.Asked),
                       A[3] | MSG_NOSIGNAL);
  return enterKernel(Call.Number, A[0], Rest, long(Call.Asked));
}

static bool sendGoesOn(BlockedCall &Call, const WindowResult &Result) {
  return movesOn(Call, Result, sendTotal(Call), int(Call.Arguments[0]),
                 int(Call.Arguments[3]));
}

const CallRules upstare::SendRules = {issueSend, sendGoesOn, nullptr};

UPSTARE_EXPORT ssize_t upstare_write(int Descriptor, const void *Bytes,
                                     size_t Size) {
  if (__builtin_expect(Size > CallPiece, false) && isCuttable(Descriptor)) {
    BlockedCall Call = makeCall(CallKind::Send, CallIsCut, SYS_write,
                                Descriptor, toKernel(Bytes), long(Size));
    return startCall(Call);
  }
  return callKernel(CallKind::Send, 0, SYS_write, Descriptor, toKernel(Bytes),
                    long(Size));
}

UPSTARE_EXPORT ssize_t upstare_sendto(int Descriptor, const void *Bytes,
                                      size_t Size, int Flags,
                                      const sockaddr *Address,
                                      socklen_t AddressSize) {
  return callKernel(CallKind::Send, 0, SYS_sendto, Descriptor, toKernel(Bytes),
                    long(Size), Flags, toKernel(Address), AddressSize);
}

UPSTARE_EXPORT ssize_t upstare_send(int Descriptor, const void *Bytes,
                                    size_t Size, int Flags) {
  return upstare_sendto(Descriptor, Bytes, Size, Flags, nullptr, 0);
}

//===----------------------------------------------------------------------===//
// writev: (descriptor, array, count)
//===----------------------------------------------------------------------===//

static uint64_t vectorTotal(const BlockedCall &Call) {
  return totalBytes(fromKernel<iovec>(Call.Arguments[1]), Call.Arguments[2]);
}

static WindowResult issueSendVector(BlockedCall &Call) {
  const int64_t *A = Call.Arguments;
  if (!Call.Done && !(Call.Flags & CallIsCut))
    return enterKernel(Call.Number, A[0], A[1], A[2]);
  VectorPart Part(fromKernel<iovec>(A[1]), uint64_t(A[2]), Call.Done,
                  nextPiece(Call, vectorTotal(Call)));
  Call.Asked = Part.Bytes;
  if (!(Call.Flags & CallOnSocket))
    return enterKernel(SYS_writev, A[0], toKernel(Part.Vectors), Part.Count);
  msghdr Rest = {};
  Rest.msg_iov = Part.Vectors;
  Rest.msg_iovlen = size_t(Part.Count);
  return enterKernel(SYS_sendmsg, A[0], toKernel(&Rest), MSG_NOSIGNAL);
}

static bool sendVectorGoesOn(BlockedCall &Call, const WindowResult &Result) {
  return movesOn(Call, Result, vectorTotal(Call), int(Call.Arguments[0]), 0);
}

const CallRules upstare::SendVectorRules = {issueSendVector, sendVectorGoesOn,
                                            nullptr};

UPSTARE_EXPORT ssize_t upstare_writev(int Descriptor, const iovec *Array,
                                      int Count) {
  if (totalBytes(Array, Count) > CallPiece && isCuttable(Descriptor)) {
    BlockedCall Call = makeCall(CallKind::SendVector, CallIsCut, SYS_writev,
                                Descriptor, toKernel(Array), Count);
    return startCall(Call);
  }
  return callKernel(CallKind::SendVector, 0, SYS_writev, Descriptor,
                    toKernel(Array), Count);
}

//===----------------------------------------------------------------------===//
// sendmsg: (descriptor, message, flags). What goes with the bytes (address,
// control data) went with the first of them.
//===----------------------------------------------------------------------===//

static WindowResult issueSendMessage(BlockedCall &Call) {
  const int64_t *A = Call.Arguments;
  if (!Call.Done)
    return enterKernel(Call.Number, A[0], A[1], A[2]);
  const msghdr &Message = *fromKernel<msghdr>(A[1]);
  VectorPart Part(Message.msg_iov, Message.msg_iovlen, Call.Done, MaxTransfer);
  Call.Asked = Part.Bytes;
  msghdr Rest = {};
  Rest.msg_iov = Part.Vectors;
  Rest.msg_iovlen = size_t(Part.Count);
  return enterKernel(SYS_sendmsg, A[0], toKernel(&Rest), A[2] | MSG_NOSIGNAL);
}

static bool sendMessageGoesOn(BlockedCall &Call, const WindowResult &Result) {
  if (Result.Value <= 0)
    return false;
  const msghdr &Message = *fromKernel<msghdr>(Call.Arguments[1]);
  return movesOn(Call, Result,
                 totalBytes(Message.msg_iov, int64_t(Message.msg_iovlen)),
                 int(Call.Arguments[0]), int(Call.Arguments[2]));
}

const CallRules upstare::SendMessageRules = {issueSendMessage,
                                             sendMessageGoesOn, nullptr};

UPSTARE_EXPORT ssize_t upstare_sendmsg(int Descriptor, const msghdr *Message,
                                       int Flags) {
  return callKernel(CallKind::SendMessage, 0, SYS_sendmsg, Descriptor,
                    toKernel(Message), Flags);
}

//===----------------------------------------------------------------------===//
// sendfile: (out, in, offset, count). The kernel moves the offset on itself.
//===----------------------------------------------------------------------===//

static WindowResult issueSendFile(BlockedCall &Call) {
  const int64_t *A = Call.Arguments;
  if (!Call.Done && !(Call.Flags & CallIsCut))
    return enterKernel(SYS_sendfile, A[0], A[1], A[2], A[3]);
  Call.Asked = nextPiece(Call, upToMax(A[3]));
  return enterKernel(SYS_sendfile, A[0], A[1], A[2], long(Call.Asked));
}

/// Unlike write(), the kernel looks at signals between any two pages.
static bool sendFileGoesOn(BlockedCall &Call, const WindowResult &Result) {
  uint64_t Total = upToMax(Call.Arguments[3]);
  int Out = int(Call.Arguments[0]);
  if (movesOn(Call, Result, Total, Out, 0))
    return true;
  if (Result.Value <= 0 || Result.How != WindowExit::Signalled ||
      Call.Done + uint64_t(Result.Value) >= Total || !isOnDisk(Out))
    return false;
  Call.Done += uint64_t(Result.Value);
  return true;
}

const CallRules upstare::SendFileRules = {issueSendFile, sendFileGoesOn,
                                          nullptr};

UPSTARE_EXPORT ssize_t upstare_sendfile(int Out, int In, off_t *Offset,
                                        size_t Count) {
  if (Count > CallPiece && isCuttable(Out)) {
    BlockedCall Call = makeCall(CallKind::SendFile, CallIsCut, SYS_sendfile,
                                Out, In, toKernel(Offset), long(Count));
    return startCall(Call);
  }
  return callKernel(CallKind::SendFile, 0, SYS_sendfile, Out, In,
                    toKernel(Offset), long(Count));
}
