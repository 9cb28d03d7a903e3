//===- memory_scan.cpp - words in memory without types ----------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Answers: which words in memory without types lead to what may move?
//
// Memory is read through /proc/self/mem: what goes away meanwhile is an error
// of that call and no crash. Pages that were never used are left alone
// (/proc/self/pagemap tells).
//
//===----------------------------------------------------------------------===//

#include "memory_scan.h"
#include "images.h"
#include "memory_checker.h"
#include <fcntl.h>
#include <link.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

using namespace upstare;

namespace {

constexpr size_t BufferBytes = 256 * 1024;
constexpr size_t PagesAtOnce = BufferBytes / PageBytes;
/// Of a reservation of terabytes, most was never used.
constexpr size_t PagesAskedFor = 32 * 1024;

class Scan {
public:
  Scan(PreparedPatch &Patch, uintptr_t StackTop)
      : Patch(Patch), StackTop(StackTop) {}
  ~Scan() {
    const int Files[] = {Maps, Memory, PageMap};
    for (int Fd : Files)
      if (Fd >= 0)
        close(Fd);
  }
  Scan(const Scan &) = delete;
  Scan &operator=(const Scan &) = delete;

  /// False: out of memory.
  bool run();

private:
  bool findTargets();
  bool findSkipped();
  bool skip(uintptr_t Begin, uintptr_t End) {
    return Skipped.append(Patch.ScanMemory, {Begin, End});
  }
  bool readMaps();
  bool readLine(char *Line);
  bool readMapping(uintptr_t Begin, uintptr_t End);
  bool readPages(uintptr_t Begin, size_t Pages);
  bool look(const uintptr_t *Words, size_t Count, uintptr_t At);

  PreparedPatch &Patch;
  uintptr_t StackTop;
  int Maps = -1, Memory = -1, PageMap = -1;
  ArenaVector<AddressRange> Targets, Skipped;  // sorted
  uintptr_t Lowest = UINTPTR_MAX, Highest = 0; // of the targets
  char *Buffer = nullptr;
  uint64_t *Pages = nullptr;
  ArenaVector<FoundWord> Found;
};

bool anyLocalMoves(const upstare_patch &Tables) {
  const upstare_frame_map *Last = nullptr;
  for (uint64_t I = 0; I != Tables.point_count; ++I) {
    const upstare_frame_map *Map = Tables.points[I].frame;
    if (!Map || Map == Last)
      continue;
    Last = Map;
    for (uint32_t J = 0; J != Map->pinned_count; ++J)
      if (!Map->pinned[J].flags && Map->pinned[J].type &&
          Map->pinned[J].type->convert)
        return true;
  }
  return false;
}

bool Scan::findTargets() {
  const upstare_patch &Tables = *Patch.Tables;
  auto add = [&](uintptr_t Begin, uintptr_t End) {
    Lowest = Begin < Lowest ? Begin : Lowest;
    Highest = End > Highest ? End : Highest;
    return Targets.append(Patch.ScanMemory, {Begin, End});
  };
  for (uint64_t I = 0; I != Tables.moved_count; ++I) {
    const upstare_moved_global &M = Tables.moved[I];
    auto Begin = reinterpret_cast<uintptr_t>(M.old_address);
    if (!M.keeps_value && !add(Begin, Begin + M.type->old_size))
      return false;
  }
  if (anyLocalMoves(Tables) && !add(Patch.StackArea.Lowest, StackTop))
    return false;
  sortRanges(Targets.Elements, Targets.Count);
  return true;
}

int addOwnObject(dl_phdr_info *Info, size_t, void *Argument) {
  uintptr_t Begin = UINTPTR_MAX, End = 0;
  bool IsOwn = isLoadedPatch(Info->dlpi_name);
  for (size_t I = 0; I != Info->dlpi_phnum; ++I) {
    const ElfW(Phdr) &P = Info->dlpi_phdr[I];
    if (P.p_type != PT_LOAD)
      continue;
    uintptr_t From = Info->dlpi_addr + P.p_vaddr, To = From + P.p_memsz;
    Begin = From < Begin ? From : Begin;
    End = To > End ? To : End;
    IsOwn |= isInstrumentedImage(From) || From == theRuntime().Extent.Begin;
  }
  AddressRange Range = pagesOf({Begin, End});
  auto &Out = *static_cast<ArenaVector<AddressRange> *>(Argument);
  if (IsOwn && Out.Count != Out.Capacity)
    Out.Elements[Out.Count++] = Range;
  return 0;
}

/// Images whose variables the patch knows, and the runtime's own memory, which
/// is full of addresses.
bool Scan::findSkipped() {
  constexpr size_t Most = 4096;
  Skipped.Elements = Patch.ScanMemory.allocateArray<AddressRange>(Most);
  Skipped.Capacity = Most;
  if (!Skipped.Elements)
    return false;
  dl_iterate_phdr(addOwnObject, &Skipped);
  void *Stack = nullptr;
  size_t StackBytes = 0;
  pthread_attr_t Attributes;
  // The program's own thread is on its stack, which comes below.
  if (!self() && !pthread_getattr_np(pthread_self(), &Attributes)) {
    pthread_attr_getstack(&Attributes, &Stack, &StackBytes);
    pthread_attr_destroy(&Attributes);
  }
  auto Own = reinterpret_cast<uintptr_t>(Stack);
  auto Apart = reinterpret_cast<uintptr_t>(Patch.Stack);
  if (!skip(Own, Own + StackBytes) || !skip(Apart, Apart + Patch.StackBytes) ||
      !skip(Patch.StackArea.Lowest & ~(PageBytes - 1), StackTop))
    return false;
  const Arena *const Arenas[] = {&Patch.Memory, &Patch.WarmMemory,
                                 &Patch.WarmRecords, &Patch.ScanMemory};
  for (const Arena *A : Arenas)
    if (!A->forEachChunk([&](uintptr_t Begin, size_t Size) {
          return skip(Begin, Begin + Size);
        }))
      return false;
  sortRanges(Skipped.Elements, Skipped.Count);
  return true;
}

bool Scan::look(const uintptr_t *Words, size_t Count, uintptr_t At) {
  AddressRanges Where = {Targets.Elements, Targets.Count};
  for (size_t I = 0; I != Count; ++I)
    if (Words[I] - Lowest < Highest - Lowest && Where.contain(Words[I]) &&
        !Found.append(Patch.ScanMemory, {At + I * sizeof(uintptr_t), Words[I]}))
      return false;
  return true;
}

bool Scan::readPages(uintptr_t Begin, size_t Count) {
  size_t Size = Count * PageBytes;
  ssize_t Got = pread(Memory, Buffer, Size, static_cast<off_t>(Begin));
  if (Got <= 0)
    return true; // it has gone
  Patch.MemoryBytes += static_cast<size_t>(Got);
  return look(reinterpret_cast<const uintptr_t *>(Buffer),
              static_cast<size_t>(Got) / sizeof(uintptr_t), Begin);
}

bool Scan::readMapping(uintptr_t Begin, uintptr_t End) {
  constexpr uint64_t InMemory = uint64_t{1} << 63, InSwap = uint64_t{1} << 62;
  for (size_t I = 0; I != Skipped.Count && Begin < End; ++I) {
    const AddressRange &S = Skipped[I];
    if (S.End <= Begin || S.Begin >= End)
      continue;
    if (S.Begin > Begin && !readMapping(Begin, S.Begin))
      return false;
    Begin = S.End;
  }
  while (Begin < End) {
    size_t Count = (End - Begin) / PageBytes;
    Count = Count < PagesAskedFor ? Count : PagesAskedFor;
    auto Known = pread(PageMap, Pages, Count * sizeof *Pages,
                       static_cast<off_t>(Begin / PageBytes * sizeof *Pages));
    bool All = Known != static_cast<ssize_t>(Count * sizeof *Pages);
    for (size_t I = 0; I < Count;) {
      size_t Run = I;
      while (Run < Count && Run - I < PagesAtOnce &&
             (All || Pages[Run] & (InMemory | InSwap)))
        ++Run;
      if (Run > I && !readPages(Begin + I * PageBytes, Run - I))
        return false;
      I = Run > I ? Run : I + 1;
    }
    Begin += Count * PageBytes;
  }
  return true;
}

/// "begin-end rw-p offset device inode   path"
bool Scan::readLine(char *Line) {
  char *At = Line;
  uintptr_t Begin = strtoul(At, &At, 16);
  uintptr_t End = *At == '-' ? strtoul(At + 1, &At, 16) : 0;
  const char *Kind = strrchr(At, '[');
  bool IsSpecial =
      Kind && strncmp(Kind, "[heap]", 6) != 0 && strncmp(Kind, "[anon", 5) != 0;
  if (strncmp(At, " rw-p", 5) != 0 || IsSpecial)
    return true;
  return readMapping(Begin, End);
}

bool Scan::readMaps() {
  constexpr size_t TextBytes = 1024 * 1024; // 10000 mappings or so
  auto *Text = static_cast<char *>(Patch.ScanMemory.allocate(TextBytes));
  if (!Text)
    return false;
  size_t Length = 0;
  for (ssize_t Got = 1; Got > 0 && Length < TextBytes - 1;) {
    Got = read(Maps, Text + Length, TextBytes - 1 - Length);
    Length += Got > 0 ? static_cast<size_t>(Got) : 0;
  }
  // The text and what follows is memory of the runtime's, too.
  if (!findSkipped())
    return false;
  for (char *Line = Text, *End; (End = strchr(Line, '\n')); Line = End + 1) {
    *End = 0;
    if (!readLine(Line))
      return false;
  }
  return true;
}

bool Scan::run() {
  if (!findTargets())
    return false;
  if (!Targets.Count)
    return true;
  Maps = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
  Memory = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
  PageMap = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
  Buffer = static_cast<char *>(Patch.ScanMemory.allocate(BufferBytes));
  Pages = Patch.ScanMemory.allocateArray<uint64_t>(PagesAskedFor);
  if (!Buffer || !Pages)
    return false;
  if (Maps < 0 || Memory < 0)
    return true;
  bool Done = readMaps();
  Patch.MemoryWords = Found.Elements;
  Patch.MemoryWordCount = Found.Count;
  return Done;
}

} // namespace

Status upstare::scanMemory(PreparedPatch &Patch, uintptr_t StackTop,
                           ErrorText &Error) {
  Patch.ScanMemory.release();
  Patch.MemoryWords = nullptr;
  Patch.MemoryWordCount = Patch.MemoryBytes = 0;
  // Memcheck's own memory is full of copies of the program's.
  if (isUnderMemoryChecker())
    return Status::Ok;
  for (uint64_t I = 0; I != Patch.Tables->left_count; ++I)
    if (!strcmp(Patch.Tables->left[I], "*"))
      return Status::Ok;
  return Scan(Patch, StackTop).run() ? Status::Ok
                                     : Error.fail(Status::OutOfMemory);
}
