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
#include "memory_checker.h"
#include "transform.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

using namespace upstare;

/// Enough to see what it is about; the number is told in any case.
static constexpr unsigned MostPlaces = 4;

static bool isLeft(const upstare_update &Update, const MovedObject &M) {
  const upstare_patch &Tables = *Update.Patch->Tables;
  for (uint64_t I = 0; I != Tables.left_count; ++I)
    if (!strcmp(Tables.left[I], M.Name))
      return true;
  return false;
}

static void countUndecided(upstare_update &Update, const char *Format, ...)
    __attribute__((format(printf, 2, 3)));

static void countUndecided(upstare_update &Update, const char *Format, ...) {
  if (Update.Report->UndecidedWords++ >= MostPlaces)
    return;
  char Text[512];
  va_list Args;
  va_start(Args, Format);
  vsnprintf(Text, sizeof Text, Format, Args);
  va_end(Args);
  appendText(Update.WordPlaces, sizeof Update.WordPlaces, "; %s", Text);
}

UPSTARE_EXPORT void upstare_untyped_word(upstare_update *Update,
                                         const void *Word, uint32_t Decision,
                                         const char *What, const char *Row) {
  uintptr_t Value;
  memcpy(&Value, Word, sizeof Value);
  tellAnythingGoes(&Value, sizeof Value);
  const MovedObject *M = findMoved(*Update, Value);
  // One past the end is no place to expect a pointer without a type.
  if (!M || Value - M->Old >= M->Type->old_size)
    return;
  ++Update->Report->UntypedWords;
  if (Decision == UPSTARE_WORD_UNDECIDED)
    countUndecided(*Update, "%s: %s leads %zu bytes into %s (%s): %s, ...}",
                   Update->Subject, What, static_cast<size_t>(Value - M->Old),
                   M->Name, M->Type->name, Row);
}

/// A tag in the low bits looks like a pointer into the middle of what is first
/// in the object, which may go elsewhere than the object's beginning.
UPSTARE_EXPORT void upstare_forward_untyped(upstare_update *Update,
                                            void *Word) {
  uintptr_t Value;
  memcpy(&Value, Word, sizeof Value);
  const MovedObject *M = findMoved(*Update, Value);
  uintptr_t Low = Value & 3;
  if (M && Low && M->Type->map_offset && Value - Low >= M->Old) {
    uint64_t Offset = Value - M->Old;
    if (M->Type->map_offset(Offset, 0) - M->Type->map_offset(Offset - Low, 0) !=
        Low)
      return failTransform(
          *Update,
          "a word that is to be forwarded leads %zu bytes into %s (%s), into "
          "the middle of a number, or has a tag in its lowest bits; say "
          "UPSTARE_WORD_LEAVE for it, and set it in upstare_finish or in a "
          "transformer of your own",
          static_cast<size_t>(Offset), M->Name, M->Type->name);
  }
  upstare_forward_slot(Update, Word);
}

/// Calls Visit(word) for each aligned word of Bytes that may lead into what
/// moves.
template <typename Function>
static void forEachWord(const upstare_update &Update, uintptr_t Bytes,
                        uint64_t Size, Function Visit) {
  if (!Update.Moved.Count)
    return;
  const MovedObject &First = Update.Moved[0],
                    &Last = Update.Moved[Update.Moved.Count - 1];
  uintptr_t Reach = Last.Old + Last.Type->old_size - First.Old;
  constexpr uintptr_t Align = sizeof(uintptr_t);
  for (uintptr_t At = (Bytes + Align - 1) & ~(Align - 1);
       At + Align <= Bytes + Size; At += Align) {
    uintptr_t Value;
    memcpy(&Value, reinterpret_cast<const void *>(At), sizeof Value);
    if (Value - First.Old < Reach)
      Visit(reinterpret_cast<void *>(At));
  }
}

UPSTARE_EXPORT void upstare_untyped_bytes(upstare_update *Update,
                                          const void *Bytes, uint64_t Size,
                                          uint32_t Decision, const char *What,
                                          const char *Row) {
  forEachWord(*Update, reinterpret_cast<uintptr_t>(Bytes), Size,
              [&](const void *Word) {
                upstare_untyped_word(Update, Word, Decision, What, Row);
              });
}

UPSTARE_EXPORT void upstare_forward_bytes(upstare_update *Update, void *Bytes,
                                          uint64_t Size) {
  forEachWord(*Update, reinterpret_cast<uintptr_t>(Bytes), Size,
              [&](void *Word) { upstare_forward_untyped(Update, Word); });
}

/// What was found while the program ran may have changed since.
static void tellOfMemory(upstare_update &Update) {
  const PreparedPatch &Patch = *Update.Patch;
  for (size_t I = 0; I != Patch.MemoryWordCount; ++I) {
    uintptr_t Slot = Patch.MemoryWords[I].Slot, Value;
    if (!isMapped(reinterpret_cast<const void *>(Slot)))
      continue;
    memcpy(&Value, reinterpret_cast<const void *>(Slot), sizeof Value);
    const MovedObject *M = findMoved(Update, Value);
    if (!M || Value - M->Old >= M->Type->old_size)
      continue;
    ++Update.Report->UntypedWords;
    if (!isLeft(Update, *M))
      countUndecided(Update,
                     "memory without types at 0x%zx leads %zu bytes into %s "
                     "(%s): {\"(memory)\", \"%s\", ...}",
                     static_cast<size_t>(Slot),
                     static_cast<size_t>(Value - M->Old), M->Name,
                     M->Type->name, M->Name);
  }
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

Status upstare::tellMemoryWords(upstare_update &Update) {
  tellOfMemory(Update);
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
    tellOfMemory(*Update);
    S = refuseUndecided(*Update);
  }
  Update->Memory.release();
  return S;
}
