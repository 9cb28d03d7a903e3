//===- transform.cpp - the data of the new version --------------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Answers: in which order does old data become new data?
//
// First all storage is laid out, so that the table of moved objects is complete
// before any pointer is forwarded; then everything is converted or visited, and
// last come words that only the user knows to be pointers.
//
//===----------------------------------------------------------------------===//

#include "transform.h"
#include "forward.h"
#include "stack_storage.h"
#include "untyped_words.h"
#include <string.h>

using namespace upstare;

static Status outOfMemory(upstare_update &Update) {
  return Update.Report->Message.fail(Status::OutOfMemory);
}

Status upstare::addMovedGlobals(upstare_update &Update) {
  const upstare_patch &Tables = *Update.Patch->Tables;
  for (uint64_t I = 0; I != Tables.moved_count; ++I) {
    const upstare_moved_global &G = Tables.moved[I];
    MovedObject M = {reinterpret_cast<uintptr_t>(G.old_address),
                     reinterpret_cast<uintptr_t>(G.new_address), G.type,
                     G.name};
    if (!Update.Moved.append(Update.Memory, M))
      return outOfMemory(Update);
  }
  return Status::Ok;
}

static Status convertObjects(upstare_update &Update) {
  for (size_t I = 0; I != Update.Moved.Count && !Update.Failed; ++I) {
    const MovedObject &M = Update.Moved[I];
    Update.Subject = M.Name;
    M.Type->convert(reinterpret_cast<const void *>(M.Old),
                    reinterpret_cast<void *>(M.New), &Update);
  }
  return Update.Failed ? Status::TransformFailed : Status::Ok;
}

/// Pinned objects of the frame that do not come from a moved object: those
/// that stay are visited, those that were held by value are made.
static void transformPinned(upstare_update &Update, const upstare_frame &Old,
                            const upstare_frame &New,
                            const upstare_frame_map &Map) {
  for (uint32_t I = 0; I != Map.pinned_count && !Update.Failed; ++I) {
    const upstare_pinned &P = Map.pinned[I];
    void *Object;
    memcpy(&Object, reinterpret_cast<const char *>(&New) + P.new_offset,
           sizeof Object);
    if (P.flags & UPSTARE_PINNED_FROM_VALUE)
      P.type->convert(reinterpret_cast<const char *>(&Old) + P.old_offset,
                      Object, &Update);
    else if (!P.flags && Object && P.type && !P.type->convert && P.type->visit)
      P.type->visit(Object, &Update);
  }
}

static Status convertFrames(upstare_update &Update) {
  for (size_t I = 0; I != Update.Unrolled.Count && !Update.Failed; ++I) {
    const upstare_frame &Old = *Update.Unrolled.Frames[I].Record;
    upstare_frame &New = *Update.Frames[I].Record;
    const upstare_point_map &P = *Update.Frames[I].Point;
    Update.Subject = P.where;
    Update.Point = P.old_point;
    transformPinned(Update, Old, New, *P.frame);
    if (P.frame->convert && !Update.Failed)
      P.frame->convert(&Old, &New, &Update);
    // After the user's code, which gets the whole record to write to.
    New.function = P.frame->new_key;
    New.point = P.new_point;
    New.size = P.frame->new_size;
  }
  return Update.Failed ? Status::TransformFailed : Status::Ok;
}

static Status visitGlobals(upstare_update &Update) {
  const upstare_patch &Tables = *Update.Patch->Tables;
  for (uint64_t I = 0; I != Tables.visited_count && !Update.Failed; ++I) {
    const upstare_visited_global &G = Tables.visited[I];
    Update.Subject = G.name;
    G.type->visit(G.address, &Update);
  }
  return Update.Failed ? Status::TransformFailed : Status::Ok;
}

static Status runFinishHook(upstare_update &Update) {
  forwardWords(Update);
  Update.Subject = nullptr;
  if (Update.IsBlocked) {
    Update.Subject = callName(Update.Blocked.Call);
    forwardArguments(Update.Blocked.Call, &Update);
  }
  Update.Subject = nullptr;
  if (!Update.Failed && Update.Patch->Tables->finish &&
      Update.Patch->Tables->finish(&Update))
    failTransform(Update, "the override file's last check refuses the update");
  return Update.Failed ? Status::TransformFailed : Status::Ok;
}

Status upstare::transform(upstare_update &Update) {
  Status S = addMovedGlobals(Update);
  if (S == Status::Ok)
    S = placeFrames(Update);
  if (S == Status::Ok)
    S = tellWords(Update);
  if (S == Status::Ok)
    S = convertObjects(Update);
  if (S == Status::Ok)
    S = convertFrames(Update);
  if (S == Status::Ok)
    S = visitGlobals(Update);
  if (S == Status::Ok)
    S = tellMemoryWords(Update);
  return S == Status::Ok ? runFinishHook(Update) : S;
}
