//===- untyped_words.cpp - words that may be pointers -----------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Answers: which words that may be pointers lead into what moves, and did the
// user say what to do with them?
//
//===----------------------------------------------------------------------===//

#include "untyped_words.h"
#include "export.h"
#include "forward.h"
#include "transform.h"
#include <string.h>

using namespace upstare;

/// Enough to see what it is about; the number is told in any case.
static constexpr unsigned MostPlaces = 4;

UPSTARE_EXPORT void upstare_untyped_word(upstare_update *Update,
                                         const void *Word, uint32_t Decision,
                                         const char *What, const char *Row) {
  uintptr_t Value;
  memcpy(&Value, Word, sizeof Value);
  const MovedObject *M = findMoved(*Update, Value);
  // One past the end is no place to expect a pointer without a type.
  if (!M || Value - M->Old >= M->Type->old_size)
    return;
  UpdateReport &Report = *Update->Report;
  ++Report.UntypedWords;
  if (Decision != UPSTARE_WORD_UNDECIDED)
    return;
  if (Report.UndecidedWords++ < MostPlaces)
    appendText(Update->WordPlaces, sizeof Update->WordPlaces,
               "; %s: %s leads %zu bytes into %s (%s): %s, ...}", Update->Subject,
               What, static_cast<size_t>(Value - M->Old), M->Name,
               M->Type->name, Row);
}

static void tellOfGlobals(upstare_update &Update) {
  const upstare_patch &Tables = *Update.Patch->Tables;
  for (uint64_t I = 0; I != Tables.untyped_count; ++I) {
    const upstare_untyped_global &G = Tables.untyped[I];
    Update.Subject = G.name;
    if (G.tell_words)
      G.tell_words(G.old_address, &Update);
  }
}

static Status refuseUndecided(upstare_update &Update) {
  UpdateReport &Report = *Update.Report;
  if (!Report.UndecidedWords)
    return Status::Ok;
  return Report.Message.fail(
      Status::UntypedWords,
      "%llu; say UPSTARE_WORD_FORWARD or UPSTARE_WORD_LEAVE for each in "
      "upstare_words of an override file (docs/patches.md)%s%s",
      static_cast<unsigned long long>(Report.UndecidedWords), Update.WordPlaces,
      Report.UndecidedWords > MostPlaces ? "; ..." : "");
}

Status upstare::tellWords(upstare_update &Update) {
  Update.Report->UntypedWords = Update.Report->UndecidedWords = 0;
  tellOfGlobals(Update);
  for (size_t I = 0; I != Update.Unrolled.Count; ++I) {
    const upstare_point_map &P = *Update.Frames[I].Point;
    Update.Subject = P.where;
    if (P.frame->tell_words)
      P.frame->tell_words(Update.Unrolled.Frames[I].Record, &Update);
  }
  return refuseUndecided(Update);
}

void upstare::forwardWords(upstare_update &Update) {
  const upstare_patch &Tables = *Update.Patch->Tables;
  for (uint64_t I = 0; I != Tables.untyped_count && !Update.Failed; ++I) {
    const upstare_untyped_global &G = Tables.untyped[I];
    Update.Subject = G.name;
    if (G.forward_words)
      G.forward_words(G.new_address, &Update);
  }
  for (size_t I = 0; I != Update.Unrolled.Count && !Update.Failed; ++I) {
    const upstare_point_map &P = *Update.Frames[I].Point;
    Update.Subject = P.where;
    if (P.frame->forward_words)
      P.frame->forward_words(Update.Frames[I].Record, &Update);
  }
}

Status upstare::checkWords(PreparedPatch &Patch, UpdateReport &Report) {
  // Of an update it is what the functions above need.
  auto *Update = static_cast<upstare_update *>(
      Patch.Memory.allocate(sizeof(upstare_update)));
  if (!Update)
    return Report.Message.fail(Status::OutOfMemory);
  Update->Patch = &Patch;
  Update->Report = &Report;
  Status S = addMovedGlobals(*Update);
  if (S == Status::Ok) {
    sortMoved(*Update);
    tellOfGlobals(*Update);
    S = refuseUndecided(*Update);
  }
  Update->Memory.release();
  return S;
}
