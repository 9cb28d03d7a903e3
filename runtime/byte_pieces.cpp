//===- byte_pieces.cpp - transfers that go on where they stopped
//-----------===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// See byte_pieces.h.
//
//===----------------------------------------------------------------------===//

#include "byte_pieces.h"
#include <fcntl.h>
#include <limits.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>

using namespace upstare;

static bool isFile(mode_t Mode) { return S_ISREG(Mode) || S_ISBLK(Mode); }

bool upstare::isOnDisk(int Descriptor) {
  struct stat Status;
  return fstat(Descriptor, &Status) == 0 && isFile(Status.st_mode);
}

bool upstare::isCuttable(int Descriptor) {
  struct rlimit Limit;
  return isOnDisk(Descriptor) && !(fcntl(Descriptor, F_GETFL) & O_APPEND) &&
         getrlimit(RLIMIT_FSIZE, &Limit) == 0 &&
         Limit.rlim_cur == RLIM_INFINITY;
}

bool upstare::isBlockingStream(BlockedCall &Call, int Descriptor, int Flags) {
  struct stat Status;
  if (fstat(Descriptor, &Status) != 0 || isFile(Status.st_mode))
    return false;
  if ((Flags & MSG_DONTWAIT) || (fcntl(Descriptor, F_GETFL) & O_NONBLOCK))
    return false;
  if (!S_ISSOCK(Status.st_mode))
    return true;
  Call.Flags |= CallOnSocket;
  int Type;
  socklen_t Size = sizeof(Type);
  return getsockopt(Descriptor, SOL_SOCKET, SO_TYPE, &Type, &Size) == 0 &&
         Type == SOCK_STREAM;
}

bool upstare::movesOn(BlockedCall &Call, const WindowResult &Result,
                      uint64_t Total, int Descriptor, int Flags) {
  if (Result.Value <= 0 || Call.Done + uint64_t(Result.Value) >= Total)
    return false;
  bool WholePiece = Call.Asked && uint64_t(Result.Value) == Call.Asked;
  bool CutShort = Result.How == WindowExit::Signalled;
  if (!WholePiece && !(CutShort && isBlockingStream(Call, Descriptor, Flags)))
    return false;
  Call.Done += uint64_t(Result.Value);
  return true;
}

uint64_t upstare::nextPiece(const BlockedCall &Call, uint64_t Total) {
  uint64_t Rest = Total - Call.Done;
  return (Call.Flags & CallIsCut) && Rest > CallPiece ? CallPiece : Rest;
}

VectorPart::VectorPart(const iovec *Array, uint64_t ArrayCount, uint64_t Skip,
                       uint64_t Limit) {
  for (uint64_t I = 0; I < ArrayCount && Count < Capacity; ++I) {
    uint64_t Length = Array[I].iov_len;
    if (Skip >= Length) {
      Skip -= Length;
      continue;
    }
    uint64_t Take = Length - Skip;
    if (Take > Limit - Bytes)
      Take = Limit - Bytes;
    if (!Take)
      break;
    Vectors[Count++] = {static_cast<char *>(Array[I].iov_base) + Skip, Take};
    Bytes += Take;
    Skip = 0;
  }
}

uint64_t upstare::totalBytes(const iovec *Array, int64_t Count) {
  if (!Array || Count <= 0 || Count > IOV_MAX)
    return 0;
  uint64_t Total = 0;
  for (int64_t I = 0; I < Count; ++I) {
    if (Array[I].iov_len > MaxTransfer - Total)
      return MaxTransfer;
    Total += Array[I].iov_len;
  }
  return Total;
}
