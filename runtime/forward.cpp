//===- forward.cpp - pointers into what moved -------------------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Answers: where does this pointer point after the update?
//
// A pointer one past the end of a moved array (as `end` in a loop) moves with
// it, unless another known object of the old version begins right there: C
// cannot tell the two apart, and a pointer to the start of an object is the
// more common one. It is not if its target type changes and that object stays,
// or if that object moves, too, and begins with nothing of the target's size.
//
//===----------------------------------------------------------------------===//

#include "forward.h"
#include "export.h"
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

using namespace upstare;

void upstare::failTransform(upstare_update &Update, const char *Format, ...) {
  if (Update.Failed)
    return; // the first failure wins
  Update.Failed = true;
  char Details[1024];
  va_list Args;
  va_start(Args, Format);
  vsnprintf(Details, sizeof Details, Format, Args);
  va_end(Args);
  if (Update.Subject)
    Update.Report->Message.fail(Status::TransformFailed, "%s: %s",
                                Update.Subject, Details);
  else
    Update.Report->Message.fail(Status::TransformFailed, "%s", Details);
}

static bool isObjectStart(const uintptr_t *Starts, size_t Count,
                          uintptr_t Address) {
  size_t I = lowerBound(Starts, Count,
                        [&](uintptr_t Start) { return Start < Address; });
  return I != Count && Starts[I] == Address;
}

/// Where one moved object ends and the next begins: whether a pointer to
/// objects of TargetSize bytes goes with the former, being one past its end.
static bool endsThere(const MovedObject &Before, const MovedObject &Next,
                      uint64_t TargetSize) {
  if (!TargetSize || !Before.Type->map_offset || !Next.Type->map_offset ||
      Before.Old + Before.Type->old_size != Next.Old)
    return false;
  uint64_t Ask = TargetSize | UPSTARE_ENDS;
  return !(Next.Type->map_offset(0, Ask) & 1) &&
         (Before.Type->map_offset(0, Ask) & 2);
}

void upstare::sortMoved(upstare_update &Update) {
  heapSort(
      Update.Moved.Elements, Update.Moved.Count,
      [](const MovedObject &A, const MovedObject &B) { return A.Old < B.Old; });
}

const MovedObject *upstare::findMoved(const upstare_update &Update,
                                      uintptr_t Address, bool Changes,
                                      uint64_t TargetSize) {
  const auto &Moved = Update.Moved;
  size_t After =
      lowerBound(Moved.Elements, Moved.Count,
                 [&](const MovedObject &M) { return M.Old <= Address; });
  if (!After)
    return nullptr;
  const MovedObject &Candidate = Moved[After - 1];
  uintptr_t Offset = Address - Candidate.Old;
  if (!Offset && After > 1 &&
      endsThere(Moved[After - 2], Candidate, TargetSize))
    return &Moved[After - 2];
  if (Offset < Candidate.Type->old_size)
    return &Candidate;
  if (Offset != Candidate.Type->old_size)
    return nullptr;
  if (Changes)
    return &Candidate;
  if (isObjectStart(Update.Patch->ObjectStarts, Update.Patch->ObjectStartCount,
                    Address) ||
      isObjectStart(Update.StackObjects.Elements, Update.StackObjects.Count,
                    Address))
    return nullptr;
  return &Candidate;
}

UPSTARE_EXPORT void *upstare_forward_typed(upstare_update *Update,
                                           const void *Pointer,
                                           uint64_t TargetSize) {
  auto Address = reinterpret_cast<uintptr_t>(Pointer);
  bool Changes = TargetSize & UPSTARE_CHANGES;
  TargetSize &= ~UPSTARE_CHANGES;
  const MovedObject *M = findMoved(*Update, Address, Changes, TargetSize);
  if (!M)
    return const_cast<void *>(Pointer);
  uint64_t Offset = Address - M->Old;
  if (M->Type->map_offset)
    Offset = M->Type->map_offset(Offset, TargetSize);
  if (Offset == ~uint64_t{0}) {
    failTransform(*Update,
                  "a pointer points %zu bytes into %s (type %s), to a part "
                  "that the new version does not have",
                  static_cast<size_t>(Address - M->Old), M->Name,
                  M->Type->name);
    return const_cast<void *>(Pointer);
  }
  return reinterpret_cast<void *>(M->New + Offset);
}

UPSTARE_EXPORT void *upstare_forward(upstare_update *Update,
                                     const void *Pointer) {
  return upstare_forward_typed(Update, Pointer, 0);
}

UPSTARE_EXPORT void upstare_forward_slot_typed(upstare_update *Update,
                                               void *Slot,
                                               uint64_t TargetSize) {
  void *Old;
  memcpy(&Old, Slot, sizeof Old);
  void *New = upstare_forward_typed(Update, Old, TargetSize);
  if (New != Old && !Update->Writes.append(Update->Memory, {Slot, New}))
    failTransform(*Update, "out of memory");
}

UPSTARE_EXPORT void upstare_forward_slot(upstare_update *Update, void *Slot) {
  upstare_forward_slot_typed(Update, Slot, 0);
}

bool upstare::isMapped(const void *Pointer) {
  unsigned char Resident;
  auto Page = reinterpret_cast<uintptr_t>(Pointer) & ~(PageBytes - 1);
  return mincore(reinterpret_cast<void *>(Page), 1, &Resident) == 0 ||
         errno != ENOMEM;
}

UPSTARE_EXPORT void upstare_require_moved(upstare_update *Update,
                                          const void *Pointer, const char *Type,
                                          const char *What) {
  if (!Pointer ||
      findMoved(*Update, reinterpret_cast<uintptr_t>(Pointer),
                /*Changes=*/true) ||
      !isMapped(Pointer))
    return;
  failTransform(*Update,
                "%s points to a %s at %p, whose layout changes, but that one "
                "is not a global or local that the update converts",
                What, Type, Pointer);
}

UPSTARE_EXPORT void upstare_require_visited(upstare_update *Update,
                                            const void *Pointer,
                                            const char *Type,
                                            const char *What) {
  auto Address = reinterpret_cast<uintptr_t>(Pointer);
  AddressRange Stack = {reinterpret_cast<uintptr_t>(Update->Context),
                        Update->T->RootSp};
  if (!Pointer || Stack.contains(Address) ||
      Update->Patch->VisitedGlobals.contain(Address) ||
      findMoved(*Update, Address) || !isMapped(Pointer))
    return;
  failTransform(*Update,
                "%s points to a %s at %p, which leads to objects that change, "
                "but that one is not a global or local that the update visits",
                What, Type, Pointer);
}

UPSTARE_EXPORT void upstare_fail(upstare_update *Update, const char *Text) {
  failTransform(*Update, "%s", Text);
}

UPSTARE_EXPORT uint32_t upstare_point(const upstare_update *Update) {
  return Update->Point;
}
