//===- byte_pieces.h - transfers that go on where they stopped ----*- C++
//-*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// When may the rest of a transfer be issued as a call of its own? Either
//  - the update signal cut it short: then the rest of a blocking byte stream;
//  - or the runtime cuts it itself, because the kernel looks at no signal
//  before
//    it has moved everything (regular files, block devices). Streams need no
//    cutting: the kernel looks at signals whenever their small buffer is full.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_RUNTIME_BYTE_PIECES_H
#define UPSTARE_RUNTIME_BYTE_PIECES_H

#include "blocking_calls.h"
#include <sys/uio.h>

namespace upstare {

/// Transfers to files are cut into pieces of this size. A multiple of every
/// block size, so that O_DIRECT stays aligned.
constexpr uint64_t CallPiece = 1 << 20;

/// Linux moves at most this in one call.
constexpr uint64_t MaxTransfer = 0x7ffff000;

/// Whether Descriptor is a regular file or a block device.
bool isOnDisk(int Descriptor);

/// Whether a long transfer to Descriptor can be cut into pieces without the
/// program, or anyone else, seeing a difference: not when appending (each call
/// is one unit) and not under RLIMIT_FSIZE (a piece of its own at the limit
/// raises SIGXFSZ, the tail of a longer one does not).
bool isCuttable(int Descriptor);

/// Whether a blocking call on Descriptor would have waited to transfer the
/// rest. Flags are those of send and recv, 0 for others. Notes in Call whether
/// it is a socket.
bool isBlockingStream(BlockedCall &Call, int Descriptor, int Flags);

/// The rest of a transfer of Total bytes that moved Value bytes in its latest
/// issue: true, and Done moved on, if it is to be issued.
bool movesOn(BlockedCall &Call, const WindowResult &Result, uint64_t Total,
             int Descriptor, int Flags);

/// Bytes of the next issue of a transfer of Total bytes.
uint64_t nextPiece(const BlockedCall &Call, uint64_t Total);

/// A part of an iovec array. Long arrays are issued in several parts, which
/// only happens once a call is in pieces.
struct VectorPart {
  static constexpr int Capacity = 64;
  iovec Vectors[Capacity];
  int Count = 0;
  uint64_t Bytes = 0;

  /// The part that starts Skip bytes into the array, at most Limit bytes.
  VectorPart(const iovec *Array, uint64_t ArrayCount, uint64_t Skip,
             uint64_t Limit);
};

/// Sum of the lengths, MaxTransfer at most; 0 if the kernel will refuse it.
uint64_t totalBytes(const iovec *Array, int64_t Count);

} // namespace upstare

#endif // UPSTARE_RUNTIME_BYTE_PIECES_H
