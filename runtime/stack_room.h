//===- stack_room.h - does the new stack fit? -------------------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The new frames come into being after the commit, below what is kept of the
// old ones: that there is room for them, and for the program to go on as
// before, must be known in advance.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_RUNTIME_STACK_ROOM_H
#define UPSTARE_RUNTIME_STACK_ROOM_H

#include "address_space.h"
#include "error.h"

struct upstare_update;

namespace upstare {

/// What a thread has used of its stack so far. Plain data.
struct StackUse {
  uint64_t Deepest; // bytes below CallSp, at most
  uintptr_t Lowest; // address that had been used at the last commit; 0: none
};

/// Whether the thread, whose innermost frame ends at Sp, can be unrolled.
Status checkRoomToUnroll(const StackBounds &Bounds, uintptr_t Sp,
                         ErrorText &Error);

/// Whether new frames that begin at Update.NewCallSp fit.
Status checkRoom(const upstare_update &Update);

/// At commit, before CallSp changes.
void noteStackUse(const upstare_update &Update);

} // namespace upstare

#endif // UPSTARE_RUNTIME_STACK_ROOM_H
