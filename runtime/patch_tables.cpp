//===- patch_tables.cpp - are the patch's tables in order? ------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Answers: can the tables of this patch be used without further checks?
//
//===----------------------------------------------------------------------===//

#include "patch_tables.h"
#include "arena.h"
#include "loader.h"

using namespace upstare;

namespace {

bool isBefore(const upstare_point_map &P, uint64_t Key, uint32_t Point) {
  return P.old_key != Key ? P.old_key < Key : P.old_point < Point;
}

template <typename Entry>
Status checkKeys(const Entry *Table, uint64_t Count, const char *What,
                 ErrorText &Error) {
  for (uint64_t I = 1; I < Count; ++I)
    if (Table[I].key <= Table[I - 1].key)
      return Error.fail(Status::Malformed, "its %s are not in order", What);
  return Status::Ok;
}

Status checkFrame(const upstare_frame_map &Frame, const LoadedObject &Image,
                  ErrorText &Error) {
  auto malformed = [&](const char *What) {
    return Error.fail(Status::Malformed, "frame of %s: %s", Frame.new_name,
                      What);
  };
  if (Frame.old_size < sizeof(upstare_frame) ||
      Frame.new_size < sizeof(upstare_frame))
    return malformed("its size is impossible");
  if (!Image.hasCode(reinterpret_cast<uintptr_t>(Frame.rebuild)))
    return malformed("it has no rebuild clone");
  if (!Frame.convert && Frame.old_size != Frame.new_size)
    return malformed("frames of different sizes cannot be copied");
  for (uint32_t I = 0; I != Frame.pinned_count; ++I) {
    const upstare_pinned &P = Frame.pinned[I];
    bool IsNew = P.flags & (UPSTARE_PINNED_FRESH | UPSTARE_PINNED_FROM_VALUE);
    if (P.new_offset + sizeof(void *) > Frame.new_size ||
        (!(P.flags & UPSTARE_PINNED_FRESH) && P.old_offset >= Frame.old_size))
      return malformed("a pinned member lies outside");
    if (IsNew && !P.type)
      return malformed("a new pinned member has no type");
    if ((P.flags & UPSTARE_PINNED_FROM_VALUE) && !P.type->convert)
      return malformed("a member that becomes pinned has no conversion");
  }
  return Status::Ok;
}

Status checkPoints(const upstare_patch &Tables, const LoadedObject &Image,
                   ErrorText &Error) {
  const upstare_frame_map *Checked = nullptr;
  for (uint64_t I = 0; I != Tables.point_count; ++I) {
    const upstare_point_map &P = Tables.points[I];
    if (I && !isBefore(Tables.points[I - 1], P.old_key, P.old_point))
      return Error.fail(Status::Malformed,
                        "its continuation points are not in order");
    if (!P.frame && !P.reason)
      return Error.fail(Status::Malformed,
                        "a continuation point is neither mapped nor refused");
    if (!P.frame || P.frame == Checked)
      continue;
    Checked = P.frame;
    Status S = checkFrame(*P.frame, Image, Error);
    if (S != Status::Ok)
      return S;
  }
  return Status::Ok;
}

Status checkMoved(const upstare_patch &Tables, ErrorText &Error) {
  for (uint64_t I = 0; I != Tables.moved_count; ++I) {
    const upstare_moved_global &M = Tables.moved[I];
    if (!M.old_address || !M.new_address || !M.type || !M.type->convert)
      return Error.fail(Status::Malformed, "global %s cannot be moved", M.name);
  }
  for (uint64_t I = 0; I != Tables.visited_count; ++I) {
    const upstare_visited_global &V = Tables.visited[I];
    if (!V.address || !V.type || !V.type->visit)
      return Error.fail(Status::Malformed, "global %s cannot be visited",
                        V.name);
  }
  return Status::Ok;
}

/// The functions whose entries are to jump, sorted by address.
Status collectJumps(PreparedPatch &Patch, EntryJump *Jumps, size_t &Count,
                    ErrorText &Error) {
  const upstare_patch &Tables = *Patch.Tables;
  Count = 0;
  for (uint64_t I = 0; I != Tables.function_count; ++I) {
    const upstare_patch_function &F = Tables.functions[I];
    auto From = reinterpret_cast<uintptr_t>(F.canonical);
    auto To = reinterpret_cast<uintptr_t>(F.entry);
    if (!From || !To || From == To)
      continue; // new in this version, or without code in it
    if (From % UPSTARE_ENTRY_ALIGN)
      return Error.fail(Status::CannotLoad,
                        "function %s is not aligned to %d bytes in the "
                        "running version; build it with upstare-cc",
                        F.name, UPSTARE_ENTRY_ALIGN);
    Jumps[Count++] = {From, To};
  }
  heapSort(Jumps, Count, [](const EntryJump &A, const EntryJump &B) {
    return A.From < B.From;
  });
  return Status::Ok;
}

/// Drops what comes twice (aliases).
Status mergeJumps(EntryJump *Jumps, size_t &Count, ErrorText &Error) {
  size_t Kept = 0;
  for (size_t I = 0; I != Count; ++I) {
    bool Again = Kept && Jumps[Kept - 1].From == Jumps[I].From;
    if (Again && Jumps[Kept - 1].To != Jumps[I].To)
      return Error.fail(Status::CannotLoad,
                        "two functions share the code at 0x%zx (identical "
                        "code folding?) but have different successors",
                        static_cast<size_t>(Jumps[I].From));
    if (!Again)
      Jumps[Kept++] = Jumps[I];
  }
  Count = Kept;
  return Status::Ok;
}

Status planJumps(PreparedPatch &Patch, ErrorText &Error) {
  // In the program, runs reach over small gaps: one system call more costs as
  // much as a page that is made writable for nothing. In patches, what is
  // between entries may have been released, and must stay out of reach.
  constexpr uintptr_t GapInProgram = 64 * 1024, GapInPatch = PageBytes;
  size_t Most = Patch.Tables->function_count;
  auto *Jumps = Patch.Memory.allocateArray<EntryJump>(Most);
  auto *Runs = Patch.Memory.allocateArray<AddressRange>(Most);
  if (!Jumps || !Runs)
    return Error.fail(Status::OutOfMemory);
  size_t Count = 0;
  Status S = collectJumps(Patch, Jumps, Count, Error);
  if (S == Status::Ok)
    S = mergeJumps(Jumps, Count, Error);
  if (S != Status::Ok)
    return S;
  LoadedObject Object; // that the last run is in
  AddressRange Segment = {};
  size_t RunCount = 0;
  for (size_t I = 0; I != Count; ++I) {
    uintptr_t From = Jumps[I].From, End = From + UPSTARE_ENTRY_ALIGN;
    bool SameSegment = Segment.contains(From);
    if (!SameSegment) {
      if (!findObject(From, Object) || !Object.hasCode(From))
        return Error.fail(Status::Malformed, "there is no function at 0x%zx",
                          static_cast<size_t>(From));
      Segment = *Object.codeSegment(From);
    }
    uintptr_t LargestGap =
        theProgram().hasCode(From) ? GapInProgram : GapInPatch;
    if (SameSegment && From - Runs[RunCount - 1].End <= LargestGap)
      Runs[RunCount - 1].End = End;
    else
      Runs[RunCount++] = {From, End};
  }
  Patch.Jumps = Jumps;
  Patch.JumpCount = Count;
  Patch.JumpRuns = Runs;
  Patch.JumpRunCount = RunCount;
  return Status::Ok;
}

Status planVisits(PreparedPatch &Patch, ErrorText &Error) {
  const upstare_patch &Tables = *Patch.Tables;
  size_t Count = Tables.moved_count + Tables.visited_count;
  auto *Ranges = Patch.Memory.allocateArray<AddressRange>(Count);
  if (!Ranges)
    return Error.fail(Status::OutOfMemory);
  size_t Used = 0;
  auto add = [&](void *Address, uint64_t Size) {
    auto Begin = reinterpret_cast<uintptr_t>(Address);
    Ranges[Used++] = {Begin, Begin + Size};
  };
  for (uint64_t I = 0; I != Tables.moved_count; ++I)
    add(Tables.moved[I].old_address, Tables.moved[I].type->old_size);
  for (uint64_t I = 0; I != Tables.visited_count; ++I)
    add(Tables.visited[I].address, Tables.visited[I].type->old_size);
  sortRanges(Ranges, Count);
  Patch.VisitedGlobals = {Ranges, Count};
  return Status::Ok;
}

} // namespace

Status upstare::checkTables(const upstare_patch &Tables,
                            const LoadedObject &Image, ErrorText &Error) {
  if (Tables.abi_version != UPSTARE_ABI_VERSION ||
      Tables.size != sizeof(upstare_patch))
    return Error.fail(Status::WrongAbi, "ABI version %u instead of %u",
                      Tables.abi_version, UPSTARE_ABI_VERSION);
  Status S =
      checkKeys(Tables.functions, Tables.function_count, "functions", Error);
  if (S == Status::Ok)
    S = checkKeys(Tables.globals, Tables.global_count, "globals", Error);
  if (S == Status::Ok)
    S = checkPoints(Tables, Image, Error);
  return S == Status::Ok ? checkMoved(Tables, Error) : S;
}

Status upstare::planCommit(PreparedPatch &Patch, ErrorText &Error) {
  Status S = planJumps(Patch, Error);
  return S == Status::Ok ? planVisits(Patch, Error) : S;
}

const upstare_point_map *upstare::findPoint(const upstare_patch &Tables,
                                            uint64_t Key, uint32_t Point) {
  size_t I = lowerBound(
      Tables.points, Tables.point_count,
      [&](const upstare_point_map &P) { return isBefore(P, Key, Point); });
  if (I == Tables.point_count || Tables.points[I].old_key != Key ||
      Tables.points[I].old_point != Point)
    return nullptr;
  return &Tables.points[I];
}
