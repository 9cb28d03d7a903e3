//===- address_space.cpp - what lies where in the process -------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Answers: what is at this address?
//
//===----------------------------------------------------------------------===//

#include "address_space.h"
#include "arena.h"
#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

using namespace upstare;

// The kernel keeps this far away from the mapping below a stack
// (stack_guard_gap).
static constexpr uintptr_t StackGap = 256 * PageBytes;

static LoadedObject Program;
static LoadedObject Runtime;
static LoadedObject Linker;

bool AddressRanges::contain(uintptr_t Address) const {
  size_t After = lowerBound(
      Ranges, Count, [&](const AddressRange &R) { return R.Begin <= Address; });
  return After && Ranges[After - 1].contains(Address);
}

void upstare::sortRanges(AddressRange *Ranges, size_t Count) {
  heapSort(Ranges, Count, [](const AddressRange &A, const AddressRange &B) {
    return A.Begin < B.Begin;
  });
}

AddressRange upstare::pagesOf(const AddressRange &Range) {
  return {Range.Begin & ~(PageBytes - 1),
          (Range.End + PageBytes - 1) & ~(PageBytes - 1)};
}

const AddressRange *LoadedObject::codeSegment(uintptr_t Address) const {
  for (size_t I = 0; I != CodeCount; ++I)
    if (Code[I].contains(Address))
      return &Code[I];
  return nullptr;
}

namespace {

struct ObjectQuery {
  uintptr_t Address;
  bool First; // the program
  LoadedObject *Out;
  bool Found = false;
};

void readBuildId(const char *Notes, size_t Size, LoadedObject &Out) {
  auto padded = [](size_t Bytes) { return (Bytes + 3) & ~size_t{3}; };
  while (Size >= sizeof(ElfW(Nhdr))) {
    ElfW(Nhdr) Note;
    memcpy(&Note, Notes, sizeof Note);
    size_t Total = sizeof Note + padded(Note.n_namesz) + padded(Note.n_descsz);
    if (Total > Size)
      return;
    const char *Name = Notes + sizeof Note;
    if (Note.n_type == NT_GNU_BUILD_ID && Note.n_namesz == 4 &&
        !memcmp(Name, "GNU", 4)) {
      size_t Bytes =
          Note.n_descsz < BuildIdBytes ? Note.n_descsz : BuildIdBytes;
      memcpy(Out.BuildId, Name + 4, Bytes);
      Out.HasBuildId = true;
      return;
    }
    Notes += Total;
    Size -= Total;
  }
}

void describe(const dl_phdr_info &Info, LoadedObject &Out) {
  Out = LoadedObject();
  Out.Base = Info.dlpi_addr;
  Out.ThreadLocal = Info.dlpi_tls_data;
  Out.Extent = {UINTPTR_MAX, 0};
  for (size_t I = 0; I != Info.dlpi_phnum; ++I) {
    const ElfW(Phdr) &P = Info.dlpi_phdr[I];
    uintptr_t Begin = Info.dlpi_addr + P.p_vaddr;
    if (P.p_type == PT_NOTE && !Out.HasBuildId)
      readBuildId(reinterpret_cast<const char *>(Begin), P.p_memsz, Out);
    if (P.p_type != PT_LOAD)
      continue;
    uintptr_t End = Begin + P.p_memsz;
    Out.Extent.Begin = Begin < Out.Extent.Begin ? Begin : Out.Extent.Begin;
    Out.Extent.End = End > Out.Extent.End ? End : Out.Extent.End;
    if ((P.p_flags & PF_X) && Out.CodeCount != LoadedObject::MaxRanges)
      Out.Code[Out.CodeCount++] = {Begin, End};
  }
}

bool segmentsContain(const dl_phdr_info &Info, uintptr_t Address) {
  for (size_t I = 0; I != Info.dlpi_phnum; ++I) {
    const ElfW(Phdr) &P = Info.dlpi_phdr[I];
    if (P.p_type == PT_LOAD &&
        Address - (Info.dlpi_addr + P.p_vaddr) < P.p_memsz)
      return true;
  }
  return false;
}

int matchObject(dl_phdr_info *Info, size_t, void *Argument) {
  auto &Query = *static_cast<ObjectQuery *>(Argument);
  if (!Query.First && !segmentsContain(*Info, Query.Address))
    return 0;
  describe(*Info, *Query.Out);
  Query.Found = true;
  return 1;
}

struct ImageQuery {
  const unsigned char *BuildId;
  LoadedObject *Out;
  char *Name;
  size_t NameSize;
  bool Found = false;
};

int matchImage(dl_phdr_info *Info, size_t, void *Argument) {
  auto &Query = *static_cast<ImageQuery *>(Argument);
  describe(*Info, *Query.Out);
  Query.Found = Query.Out->HasBuildId &&
                !memcmp(Query.Out->BuildId, Query.BuildId, BuildIdBytes);
  if (Query.Found)
    snprintf(Query.Name, Query.NameSize, "%s", Info->dlpi_name);
  return Query.Found;
}

struct ProtectionQuery {
  uintptr_t Address;
  int Protection = -1;
};

int matchProtection(dl_phdr_info *Info, size_t, void *Argument) {
  auto &Query = *static_cast<ProtectionQuery *>(Argument);
  if (!segmentsContain(*Info, Query.Address))
    return 0;
  for (size_t I = 0; I != Info->dlpi_phnum; ++I) {
    const ElfW(Phdr) &P = Info->dlpi_phdr[I];
    uintptr_t Begin = Info->dlpi_addr + P.p_vaddr;
    if (P.p_type == PT_LOAD && Query.Address - Begin < P.p_memsz)
      Query.Protection = (P.p_flags & PF_R ? PROT_READ : 0) |
                         (P.p_flags & PF_W ? PROT_WRITE : 0) |
                         (P.p_flags & PF_X ? PROT_EXEC : 0);
  }
  for (size_t I = 0; I != Info->dlpi_phnum; ++I) {
    const ElfW(Phdr) &P = Info->dlpi_phdr[I];
    // The dynamic linker protects whole pages within the area.
    uintptr_t Begin = (Info->dlpi_addr + P.p_vaddr) & ~(PageBytes - 1);
    uintptr_t End =
        (Info->dlpi_addr + P.p_vaddr + P.p_memsz) & ~(PageBytes - 1);
    if (P.p_type == PT_GNU_RELRO && Query.Address - Begin < End - Begin)
      Query.Protection = PROT_READ;
  }
  return 1;
}

} // namespace

bool upstare::findObject(uintptr_t Address, LoadedObject &Out) {
  ObjectQuery Query{Address, false, &Out};
  dl_iterate_phdr(matchObject, &Query);
  return Query.Found;
}

bool upstare::findImage(const unsigned char *BuildId, LoadedObject &Out,
                        char (&Name)[256]) {
  ImageQuery Query{BuildId, &Out, Name, sizeof Name};
  dl_iterate_phdr(matchImage, &Query);
  return Query.Found;
}

const LoadedObject &upstare::theProgram() { return Program; }
const LoadedObject &upstare::theRuntime() { return Runtime; }
const LoadedObject &upstare::theLinker() { return Linker; }

void upstare::findOwnObjects() {
  ObjectQuery Query{0, true, &Program};
  dl_iterate_phdr(matchObject, &Query);
  findObject(reinterpret_cast<uintptr_t>(&findOwnObjects), Runtime);
  findObject(getauxval(AT_BASE), Linker);
}

int upstare::protectionOf(uintptr_t Address) {
  ProtectionQuery Query{Address};
  dl_iterate_phdr(matchProtection, &Query);
  return Query.Protection;
}

void upstare::formatBuildId(const unsigned char *BuildId, char Out[41]) {
  for (size_t I = 0; I != BuildIdBytes; ++I)
    snprintf(Out + 2 * I, 3, "%02x", BuildId[I]);
}

namespace {

/// Finds the mapping of an address in /proc/self/maps, reading it line by line
/// through a small buffer.
class MapsReader {
public:
  /// Mapping gets the one that holds Address, Below the end of the one before.
  bool find(uintptr_t Address, AddressRange &Mapping, uintptr_t &Below) {
    Fd = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
    if (Fd < 0)
      return false;
    Below = 0;
    bool Found = false;
    while (!Found && readRange(Mapping)) {
      Found = Mapping.contains(Address);
      if (!Found)
        Below = Mapping.End;
    }
    close(Fd);
    return Found;
  }

private:
  int next() {
    if (Position == Filled) {
      Filled = read(Fd, Buffer, sizeof Buffer);
      Position = 0;
      if (Filled <= 0)
        return -1;
    }
    return static_cast<unsigned char>(Buffer[Position++]);
  }
  bool readNumber(uintptr_t &Out, int Delimiter) {
    Out = 0;
    for (int C; (C = next()) != Delimiter;) {
      if (C < 0)
        return false;
      Out =
          Out * 16 + static_cast<uintptr_t>(C <= '9' ? C - '0' : C - 'a' + 10);
    }
    return true;
  }
  bool readRange(AddressRange &Out) {
    if (!readNumber(Out.Begin, '-') || !readNumber(Out.End, ' '))
      return false;
    for (int C; (C = next()) != '\n';)
      if (C < 0)
        return false;
    return true;
  }

  int Fd = -1;
  char Buffer[1024];
  ssize_t Position = 0;
  ssize_t Filled = 0;
};

} // namespace

StackBounds upstare::stackBounds(uintptr_t Address) {
  AddressRange Stack;
  uintptr_t Below;
  if (!MapsReader().find(Address, Stack, Below))
    return {};
  uintptr_t Floor = Below ? Below + StackGap : PageBytes;
  rlimit Limit;
  if (!getrlimit(RLIMIT_STACK, &Limit) && Limit.rlim_cur != RLIM_INFINITY &&
      Limit.rlim_cur < Stack.End && Stack.End - Limit.rlim_cur > Floor)
    Floor = Stack.End - Limit.rlim_cur;
  // What is mapped already is there to be used.
  return {Floor < Stack.Begin ? Floor : Stack.Begin, Stack.Begin};
}
