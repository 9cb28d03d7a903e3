//===- frame_mapping.cpp - where each frame goes on -------------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Answers: at which point of which function does each frame go on?
//
//===----------------------------------------------------------------------===//

#include "frame_mapping.h"
#include "patch_tables.h"

using namespace upstare;

/// Whether a callee that returns in registers of class Inner may stand in a
/// call that expects Outer.
static bool returnsFit(uint32_t Outer, uint32_t Inner) {
  // A call in tail position whose result is dropped leaves no frame, so that a
  // function without result may seem to call one with a result. x87 results
  // would stay on the register stack.
  return Outer == UPSTARE_RETURN_ANY || Inner == UPSTARE_RETURN_ANY ||
         (Outer == UPSTARE_RETURN_VOID && Inner != UPSTARE_RETURN_X87) ||
         Outer == Inner;
}

static const char *returnName(uint32_t Class) {
  static const char *const Names[] = {"anything",      "nothing",
                                      "an integer",    "a floating-point value",
                                      "a long double", "several registers"};
  return Class < sizeof Names / sizeof *Names ? Names[Class] : "?";
}

/// The innermost frame must be where the thread really is. A blocking call in
/// tail position has no record of its own, so any point may be above it.
static Status checkInnermost(upstare_update &Update) {
  const upstare_point_map &P = *Update.Frames[0].Point;
  if (Update.IsBlocked) {
    if (!(P.flags & UPSTARE_POINT_UPDATE) &&
        returnsFit(P.return_class, UPSTARE_RETURN_INTEGER))
      return Status::Ok;
    return Update.Report->Message.fail(
        Status::CannotMap, "%s does not wait for the call in progress (%s)",
        P.where, callName(Update.Blocked.Call));
  }
  if (P.flags & UPSTARE_POINT_UPDATE)
    return Status::Ok;
  return Update.Report->Message.fail(Status::CannotMap,
                                     "%s is not an update point", P.where);
}

static Status checkNeighbours(upstare_update &Update, size_t Outer) {
  const upstare_point_map &Below = *Update.Frames[Outer - 1].Point;
  const upstare_point_map &Above = *Update.Frames[Outer].Point;
  if (Above.flags & (UPSTARE_POINT_UPDATE | UPSTARE_POINT_BLOCKING))
    return Update.Report->Message.fail(
        Status::CannotMap, "%s is not a call, but %s is active in it",
        Above.where, Below.frame->new_name);
  if (!returnsFit(Above.return_class, Below.frame->return_class))
    return Update.Report->Message.fail(
        Status::CannotMap,
        "in the new version, the call at %s expects %s, but %s returns %s",
        Above.where, returnName(Above.return_class), Below.frame->new_name,
        returnName(Below.frame->return_class));
  return Status::Ok;
}

Status upstare::mapFrames(upstare_update &Update) {
  size_t Count = Update.Unrolled.Count;
  ErrorText &Message = Update.Report->Message;
  Update.Frames = Update.Memory.allocateArray<NewFrame>(Count);
  if (!Update.Frames)
    return Message.fail(Status::OutOfMemory);
  for (size_t I = 0; I != Count; ++I) {
    const upstare_frame &Record = *Update.Unrolled.Frames[I].Record;
    const upstare_point_map *P =
        findPoint(*Update.Patch->Tables, Record.function, Record.point);
    Update.Frames[I].Point = P;
    if (!P)
      return Message.fail(Status::CannotMap,
                          "the patch does not know point %u of function "
                          "%016llx",
                          Record.point,
                          static_cast<unsigned long long>(Record.function));
    if (P->reason)
      return Message.fail(Status::CannotMap, "%s: %s", P->where, P->reason);
    if (P->frame->old_size != Record.size)
      return Message.fail(Status::CannotMap,
                          "%s: its frame has %u bytes, the patch expects %u",
                          P->where, Record.size, P->frame->old_size);
    Status S = I ? checkNeighbours(Update, I) : checkInnermost(Update);
    if (S != Status::Ok)
      return S;
  }
  return Status::Ok;
}
