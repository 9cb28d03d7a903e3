//===- stack_room.cpp - does the new stack fit? -----------------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Answers: how much stack must be left below main for an update?
//
// Three things are wanted. The frames of the clones must fit; the patch tells
// their sizes. The program must be able to go as deep as it has been: how deep
// that is shows in the stack's mapping, which has grown with it. And it may go
// deeper than ever: so old frames may keep a quarter of the stack, and no more.
//
//===----------------------------------------------------------------------===//

#include "stack_room.h"
#include "update.h"

using namespace upstare;

/// For the update itself, and for functions of the C library.
static constexpr uintptr_t MarginBytes = 64 * 1024;

static size_t inKiB(uintptr_t Bytes) { return Bytes / 1024; }

static uintptr_t leftAbove(uintptr_t Floor, uintptr_t Sp) {
  return Sp > Floor ? Sp - Floor : 0;
}

static Status checkLeft(uintptr_t Needed, uintptr_t Left, ErrorText &Error) {
  if (Left >= Needed)
    return Status::Ok;
  return Error.fail(Status::NoStack,
                    "%zu KiB are left, the update wants %zu; raise the limit "
                    "(ulimit -s) or wait until less is on the stack",
                    inKiB(Left), inKiB(Needed));
}

Status upstare::checkRoomToUnroll(const StackBounds &Bounds, uintptr_t Sp,
                                  ErrorText &Error) {
  // The unwinder runs on the stack that it takes apart.
  return checkLeft(MarginBytes / 2, leftAbove(Bounds.Floor, Sp), Error);
}

/// Bytes of the frames that the rebuild makes.
static uintptr_t newFrames(const upstare_update &Update) {
  const auto &Old = Update.Unrolled;
  constexpr uintptr_t CallBytes = 2 * sizeof(void *); // and alignment
  uintptr_t Bytes = 0;
  for (size_t I = 0; I != Old.Count; ++I) {
    uint64_t Known = Update.Frames[I].Point->frame->rebuild_bytes;
    uintptr_t End =
        I + 1 != Old.Count ? Old.Frames[I + 1].Sp : Update.T->CallSp;
    // Without a number (arrays of variable length): clones hold what the frame
    // holds, and what they take from the record.
    uintptr_t Guess = 2 * (End - Old.Frames[I].Sp) +
                      4 * uintptr_t{Old.Frames[I].Record->size};
    Bytes += CallBytes + (Known ? Known : Guess);
  }
  return Bytes;
}

static uint64_t deepestUse(const upstare_update &Update) {
  const Thread &T = *Update.T;
  uintptr_t Lowest = Update.Patch->StackArea.Lowest;
  // What was used before the last commit was counted from another CallSp.
  bool IsNew = !T.Use.Lowest || Lowest < T.Use.Lowest;
  uint64_t Now = IsNew && Lowest < T.CallSp ? T.CallSp - Lowest : 0;
  return Now > T.Use.Deepest ? Now : T.Use.Deepest;
}

Status upstare::checkRoom(const upstare_update &Update) {
  const Thread &T = *Update.T;
  ErrorText &Message = Update.Report->Message;
  uintptr_t Floor = Update.Patch->StackArea.Floor;
  uintptr_t Kept = T.RootSp - Update.NewCallSp;
  uintptr_t Most = leftAbove(Floor, T.RootSp) / 4;
  if (Kept > Most)
    return Message.fail(
        Status::NoStack,
        "old frames would keep %zu KiB, and may keep %zu; raise the limit "
        "(ulimit -s) or wait until less is on the stack",
        inKiB(Kept), inKiB(Most));
  uintptr_t Frames = newFrames(Update), Old = Update.Stack.size();
  uintptr_t Deepest = deepestUse(Update) + (Frames > Old ? Frames - Old : 0);
  return checkLeft((Frames > Deepest ? Frames : Deepest) + MarginBytes,
                   leftAbove(Floor, Update.NewCallSp), Message);
}

void upstare::noteStackUse(const upstare_update &Update) {
  StackUse &Use = Update.T->Use;
  Use.Deepest = deepestUse(Update);
  Use.Lowest = Update.Patch->StackArea.Lowest;
}
