//===- stack_storage.cpp - where new frames' objects lie --------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Answers: at which addresses are the pinned objects of the new frames?
//
// The same object may be pinned in two frames: a caller's temporary is the
// callee's sret argument. It moves once, and both get its new address.
//
//===----------------------------------------------------------------------===//

#include "stack_storage.h"
#include "forward.h"
#include "memory_checker.h"
#include "reserved_stack.h"
#include "stack_room.h"
#include <string.h>

using namespace upstare;

namespace {

/// A pinned object that moves, before it has its new address.
struct Mover {
  MovedObject Object;
  void **Slot; // in the new record
};

class Placement {
public:
  explicit Placement(upstare_update &Update) : Update(Update) {}
  Status run();

private:
  Status outOfMemory() {
    return Update.Report->Message.fail(Status::OutOfMemory);
  }
  Status placeFrame(size_t Index);
  Status placePinned(const upstare_frame &Old, upstare_frame &New,
                     const upstare_pinned &P);
  Status placeMovers();
  Status checkOverlaps();
  void clearPlaced();
  uintptr_t allocate(const upstare_type_map &Type);

  upstare_update &Update;
  ArenaVector<Mover> Movers;
  ArenaVector<AddressRange> Placed;
};

/// Takes the memory without touching it: only checkRoom() tells whether it is
/// there. 0: out of memory.
uintptr_t Placement::allocate(const upstare_type_map &Type) {
  uintptr_t Align = Type.new_align < 16 ? 16 : Type.new_align;
  // One past the end of it, nothing else may begin: a later update could not
  // tell pointers there from pointers to this.
  uintptr_t Size = Type.new_size + 1;
  uintptr_t Address = Update.Kept.place(Update.T->RootSp, Size, Align);
  AddressRange Range = {Address, Address + Size};
  Update.Kept.add(Range);
  return Placed.append(Update.Memory, Range) ? Address : 0;
}

Status Placement::placePinned(const upstare_frame &Old, upstare_frame &New,
                              const upstare_pinned &P) {
  auto *Slot =
      reinterpret_cast<void **>(reinterpret_cast<char *>(&New) + P.new_offset);
  if (P.flags & (UPSTARE_PINNED_FROM_VALUE | UPSTARE_PINNED_FRESH)) {
    *Slot = reinterpret_cast<void *>(allocate(*P.type));
    return *Slot ? Status::Ok : outOfMemory();
  }
  void *Address;
  memcpy(&Address, reinterpret_cast<const char *>(&Old) + P.old_offset,
         sizeof Address);
  *Slot = Address;
  if (!Address)
    return Status::Ok;
  auto Start = reinterpret_cast<uintptr_t>(Address);
  bool Added =
      P.type && P.type->convert
          ? Movers.append(Update.Memory, {{Start, 0, P.type, P.name}, Slot})
          : Update.StackObjects.append(Update.Memory, Start);
  return Added ? Status::Ok : outOfMemory();
}

Status Placement::placeFrame(size_t Index) {
  const upstare_frame &Old = *Update.Unrolled.Frames[Index].Record;
  const upstare_frame_map &Map = *Update.Frames[Index].Point->frame;
  auto *New = static_cast<upstare_frame *>(
      Update.Memory.allocate(Map.new_size, UPSTARE_FRAME_ALIGN));
  if (!New)
    return outOfMemory();
  Update.Frames[Index].Record = New;
  if (!Map.convert)
    memcpy(New + 1, &Old + 1, Map.new_size - sizeof *New);
  for (uint32_t I = 0; I != Map.pinned_count; ++I) {
    Status S = placePinned(Old, *New, Map.pinned[I]);
    if (S != Status::Ok)
      return S;
  }
  return Status::Ok;
}

Status Placement::placeMovers() {
  heapSort(Movers.Elements, Movers.Count, [](const Mover &A, const Mover &B) {
    return A.Object.Old < B.Object.Old;
  });
  for (size_t I = 0; I != Movers.Count; ++I) {
    MovedObject &M = Movers[I].Object;
    const MovedObject *Before = I ? &Movers[I - 1].Object : nullptr;
    if (Before && Before->Old == M.Old && Before->Type == M.Type) {
      M.New = Before->New;
    } else {
      M.New = allocate(*M.Type);
      if (!M.New || !Update.Moved.append(Update.Memory, M))
        return outOfMemory();
    }
    *Movers[I].Slot = reinterpret_cast<void *>(M.New);
  }
  return Status::Ok;
}

/// Sorts the table of moved objects and sees that no two share memory.
Status Placement::checkOverlaps() {
  sortMoved(Update);
  for (size_t I = 1; I < Update.Moved.Count; ++I) {
    const MovedObject &A = Update.Moved[I - 1], &B = Update.Moved[I];
    if (B.Old - A.Old < A.Type->old_size || B.Old == A.Old)
      return Update.Report->Message.fail(
          Status::TransformFailed, "%s (type %s) and %s (type %s) share memory",
          A.Name, A.Type->name, B.Name, B.Type->name);
  }
  heapSort(Update.StackObjects.Elements, Update.StackObjects.Count,
           [](uintptr_t A, uintptr_t B) { return A < B; });
  return Status::Ok;
}

void Placement::clearPlaced() {
  for (size_t I = 0; I != Placed.Count; ++I) {
    auto *Begin = reinterpret_cast<void *>(Placed[I].Begin);
    size_t Size = Placed[I].End - Placed[I].Begin;
    tellUsedAgain(Begin, Size);
    memset(Begin, 0, Size);
  }
}

Status Placement::run() {
  keepReferencedStack(Update);
  Status S = Status::Ok;
  for (size_t I = 0; S == Status::Ok && I != Update.Unrolled.Count; ++I)
    S = placeFrame(I);
  if (S == Status::Ok)
    S = placeMovers();
  if (S == Status::Ok)
    S = checkOverlaps();
  Update.NewCallSp = Update.Kept.lowest(Update.T->RootSp) &
                     ~uintptr_t{UPSTARE_FRAME_ALIGN - 1};
  if (S == Status::Ok)
    S = checkRoom(Update);
  if (S == Status::Ok)
    clearPlaced();
  return S;
}

} // namespace

Status upstare::placeFrames(upstare_update &Update) {
  return Placement(Update).run();
}
