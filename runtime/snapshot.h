//===- snapshot.h - the stack as it was -------------------------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What an abort needs to put a thread back, and an update to keep pinned memory
// as it was: the bytes of the stack from the saved context to the root's call.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_RUNTIME_SNAPSHOT_H
#define UPSTARE_RUNTIME_SNAPSHOT_H

#include "arena.h"
#include <stddef.h>
#include <stdint.h>

namespace upstare {

/// Plain data; zeros are an empty one.
class Snapshot {
public:
  /// Copies [Low, High) into Memory. False: there is none.
  bool take(uintptr_t Low, uintptr_t High, Arena &Memory);
  /// Copies the bytes back. Must not run on the stack that it restores.
  void restore() const;
  size_t size() const { return High - Low; }

private:
  uintptr_t Low;
  uintptr_t High;
  void *Bytes;
};

} // namespace upstare

#endif // UPSTARE_RUNTIME_SNAPSHOT_H
