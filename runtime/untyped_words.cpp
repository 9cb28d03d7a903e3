//===- untyped_words.cpp - addresses that nobody forwarded ------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Answers: which words still hold addresses of old storage after the
// transformation?
//
// Where types say that there is a pointer, it has been forwarded: in what moved
// it has its new value, in what stays its write is waiting. So no types are
// needed here. Whatever word lies in the old extent of a moved object is either
// a number that looks so by accident, or an address in an integer or in bytes.
//
//===----------------------------------------------------------------------===//

#include "untyped_words.h"
#include "forward.h"
#include <string.h>

using namespace upstare;

namespace {

class Scan {
public:
  explicit Scan(upstare_update &Update) : Update(Update) {
    const auto &Moved = Update.Moved;
    Extent.Begin = Moved[0].Old;
    const MovedObject &Last = Moved[Moved.Count - 1];
    Extent.End = Last.Old + Last.Type->old_size;
  }
  void globals();
  void stackObjects();
  void frames();

private:
  void words(const char *Where, uintptr_t Begin, uint64_t Size);
  void word(const char *Where, uintptr_t Begin, uintptr_t Place);
  bool isForwarded(uintptr_t Place) const;

  upstare_update &Update;
  AddressRange Extent; // of all moved objects
};

bool Scan::isForwarded(uintptr_t Place) const {
  for (size_t I = 0; I != Update.Writes.Count; ++I)
    if (reinterpret_cast<uintptr_t>(Update.Writes[I].Slot) == Place)
      return true;
  return false;
}

void Scan::word(const char *Where, uintptr_t Begin, uintptr_t Place) {
  uintptr_t Value;
  memcpy(&Value, reinterpret_cast<const void *>(Place), sizeof Value);
  if (!Extent.contains(Value))
    return;
  const MovedObject *M = findMoved(Update, Value);
  if (!M || Value - M->Old >= M->Type->old_size || isForwarded(Place))
    return;
  UpdateReport &R = *Update.Report;
  constexpr uint64_t MostNamed = 8;
  if (R.UntypedWords++ < MostNamed)
    appendText(R.UntypedText, sizeof R.UntypedText,
               "%s%s+0x%zx holds the old address of %s+0x%zx",
               *R.UntypedText ? "; " : "", Where,
               static_cast<size_t>(Place - Begin), M->Name,
               static_cast<size_t>(Value - M->Old));
}

void Scan::words(const char *Where, uintptr_t Begin, uint64_t Size) {
  constexpr uintptr_t Word = sizeof(uintptr_t);
  uintptr_t First = (Begin + Word - 1) & ~(Word - 1);
  for (uintptr_t At = First; At + Word <= Begin + Size; At += Word)
    word(Where, Begin, At);
}

/// New storage of globals that moved, and storage that stays.
void Scan::globals() {
  // Of thread-local variables the tables hold distances, which are negative.
  constexpr uintptr_t UserSpaceEnd = uintptr_t{1} << 47;
  const upstare_patch &Tables = *Update.Patch->Tables;
  for (uint64_t I = 0; I != Tables.global_count; ++I) {
    const upstare_patch_global &G = Tables.globals[I];
    auto Begin = reinterpret_cast<uintptr_t>(G.address);
    if (Begin && Begin < UserSpaceEnd)
      words(G.name, Begin, G.size);
  }
}

void Scan::stackObjects() {
  for (size_t I = 0; I != Update.Moved.Count; ++I) {
    const MovedObject &M = Update.Moved[I];
    AddressRange Stack = {reinterpret_cast<uintptr_t>(Update.Context),
                          Update.T->RootSp};
    if (Stack.contains(M.Old))
      words(M.Name, M.New, M.Type->new_size);
  }
}

/// Members by value, and pinned objects that stay and whose size is known.
void Scan::frames() {
  for (size_t I = 0; I != Update.Unrolled.Count; ++I) {
    const upstare_frame &New = *Update.Frames[I].Record;
    const upstare_point_map &P = *Update.Frames[I].Point;
    auto Begin = reinterpret_cast<uintptr_t>(&New);
    words(P.where, Begin, New.size);
    for (uint32_t J = 0; J != P.frame->pinned_count; ++J) {
      const upstare_pinned &Pinned = P.frame->pinned[J];
      uintptr_t Object;
      memcpy(&Object, reinterpret_cast<const void *>(Begin + Pinned.new_offset),
             sizeof Object);
      if (!Pinned.flags && Object && Pinned.type && !Pinned.type->convert)
        words(Pinned.name, Object, Pinned.type->old_size);
    }
  }
}

} // namespace

void upstare::findUntypedWords(upstare_update &Update) {
  Update.Report->UntypedWords = 0;
  *Update.Report->UntypedText = 0;
  if (!Update.Moved.Count)
    return;
  Scan S(Update);
  S.globals();
  S.stackObjects();
  S.frames();
}
