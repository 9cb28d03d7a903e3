//===- retired_code.cpp - memory of versions that run no more ---*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Answers: which code can nobody reach any more?
//
// All ways into the code of a patch: frames (an update replaces all of them,
// and waits for those that it cannot), jmp_bufs (armed again by their frames),
// and entries: jumps from first versions, and functions that began in the
// patch. So the code is dead when no entry leads there; pages with entries of
// functions that began there stay, as the jumps.
//
//===----------------------------------------------------------------------===//

#include "retired_code.h"
#include "patch_tables.h"
#include <atomic>
#include <elf.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

using namespace upstare;

namespace {

struct Loaded {
  const upstare_patch *Tables;
  LoadedObject Image;
  size_t Bytes;
  bool Released;
};

/// An array that grows; its memory comes straight from the system.
template <typename T> class Table {
public:
  T *Elements = nullptr;
  size_t Count = 0;

  bool reserve(size_t More) {
    if (Count + More <= Capacity)
      return true;
    size_t Wanted = 2 * (Count + More);
    auto *New = static_cast<T *>(mapMemory(Wanted * sizeof(T)));
    if (!New)
      return false;
    if (Elements) {
      memcpy(New, Elements, Count * sizeof(T));
      unmapMemory(Elements, Capacity * sizeof(T));
    }
    Elements = New;
    Capacity = Wanted;
    return true;
  }

private:
  size_t Capacity = 0;
};

Table<Loaded> Patches;    // the last one runs
Table<EntryJump> Entries; // where each first version leads now; sorted by From
std::atomic<bool> InUse;

class Exclusive {
public:
  Exclusive() : Mine(!InUse.exchange(true)) {}
  ~Exclusive() {
    if (Mine)
      InUse.store(false);
  }
  Exclusive(const Exclusive &) = delete;
  Exclusive &operator=(const Exclusive &) = delete;
  explicit operator bool() const { return Mine; }

private:
  bool Mine;
};

/// Index of the first entry from Address on.
size_t entryFrom(uintptr_t Address) {
  return lowerBound(Entries.Elements, Entries.Count,
                    [&](const EntryJump &E) { return E.From < Address; });
}

bool isRedirected(uintptr_t Entry) {
  size_t I = entryFrom(Entry);
  return I != Entries.Count && Entries.Elements[I].From == Entry;
}

/// Both tables are sorted: merged from the end, in place.
void addEntries(const EntryJump *Jumps, size_t Count) {
  size_t Old = Entries.Count, New = Count, Fresh = 0;
  for (size_t I = 0; I != Count; ++I)
    Fresh += !isRedirected(Jumps[I].From);
  EntryJump *End = Entries.Elements + Old + Fresh;
  Entries.Count = Old + Fresh;
  while (New) {
    if (Old && Entries.Elements[Old - 1].From > Jumps[New - 1].From) {
      *--End = Entries.Elements[--Old];
      continue;
    }
    if (Old && Entries.Elements[Old - 1].From == Jumps[New - 1].From)
      --Old;
    *--End = Jumps[--New];
  }
}

bool isReachable(const Loaded &L, const Loaded &Next) {
  for (size_t I = 0; I != Entries.Count; ++I)
    if (L.Image.hasCode(Entries.Elements[I].To))
      return true;
  for (uint64_t I = 0; I != L.Tables->function_count; ++I) {
    const upstare_patch_function &F = L.Tables->functions[I];
    auto First = reinterpret_cast<uintptr_t>(F.canonical);
    // It began in L, and its entry leads nowhere. If the next version has it
    // still, or no version used its address as a value, nobody holds that.
    if (L.Tables->held && !L.Tables->held[I])
      continue;
    if (L.Image.hasCode(First) && !isRedirected(First) &&
        !findByKey(Next.Tables->functions, Next.Tables->function_count, F.key))
      return true;
  }
  return false;
}

size_t releasePages(uintptr_t Begin, uintptr_t End) {
  if (Begin >= End)
    return 0;
  auto *Start = reinterpret_cast<void *>(Begin);
  // What comes here all the same is to be noticed at once.
  if (madvise(Start, End - Begin, MADV_DONTNEED) ||
      mprotect(Start, End - Begin, PROT_NONE))
    return 0;
  return End - Begin;
}

/// All pages of Code, which has them to itself, but those with entries.
size_t releaseCode(const AddressRange &Code) {
  auto [Begin, End] = pagesOf(Code);
  size_t Bytes = 0;
  for (size_t I = entryFrom(Code.Begin);
       I != Entries.Count && Entries.Elements[I].From < Code.End; ++I) {
    uintptr_t Page = Entries.Elements[I].From & ~(PageBytes - 1);
    Bytes += releasePages(Begin, Page < End ? Page : End);
    if (Page + PageBytes > Begin)
      Begin = Page + PageBytes;
  }
  return Bytes + releasePages(Begin, End);
}

/// Replaces the pages of Range by equal ones that belong to no file.
bool copyPages(const AddressRange &Range, int Protection) {
  auto *Old = reinterpret_cast<void *>(Range.Begin);
  size_t Size = Range.End - Range.Begin;
  void *New = mmap(nullptr, Size, PROT_READ | PROT_WRITE,
                   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (New == MAP_FAILED)
    return false;
  memcpy(New, Old, Size);
  if (!mprotect(New, Size, Protection) &&
      mremap(New, Size, Size, MREMAP_MAYMOVE | MREMAP_FIXED, Old) == Old)
    return true;
  munmap(New, Size);
  return false;
}

void punch(const PatchFile &File, uint64_t Begin, uint64_t End) {
  if (Begin < End)
    fallocate(File.Fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
              static_cast<off_t>(Begin), static_cast<off_t>(End - Begin));
}

/// The dynamic linker has done the relocations, and reads them no more. They
/// are in the first segment, whose addresses are places in the file.
void punchRelocations(const PatchFile &File, const Elf64_Phdr &Dynamic) {
  const auto *D =
      reinterpret_cast<const Elf64_Dyn *>(File.Bytes + Dynamic.p_offset);
  uint64_t Begin = 0, Size = 0;
  for (; D->d_tag != DT_NULL; ++D) {
    if (D->d_tag == DT_RELA)
      Begin = D->d_un.d_ptr;
    if (D->d_tag == DT_RELASZ)
      Size = D->d_un.d_val;
  }
  punch(File, (Begin + PageBytes - 1) & ~(PageBytes - 1),
        (Begin + Size) & ~(PageBytes - 1));
}

/// Gives all of the file back that no segment is mapped from any more.
void punchHoles(const PatchFile &File, bool CodeIsCopied) {
  const auto *Elf = reinterpret_cast<const Elf64_Ehdr *>(File.Bytes);
  const auto *Segments =
      reinterpret_cast<const Elf64_Phdr *>(File.Bytes + Elf->e_phoff);
  uint64_t End = 0; // of what is needed so far
  for (unsigned I = 0; I != Elf->e_phnum; ++I) {
    const Elf64_Phdr &S = Segments[I];
    if (S.p_type == PT_DYNAMIC)
      punchRelocations(File, S);
    if (S.p_type != PT_LOAD || (CodeIsCopied && S.p_flags & PF_X))
      continue;
    // Mapped in whole pages, and in the order of addresses.
    punch(File, End, S.p_offset & ~(PageBytes - 1));
    uint64_t To = (S.p_offset + S.p_filesz + PageBytes - 1) & ~(PageBytes - 1);
    if (To > End)
      End = To;
  }
  punch(File, End, (File.Size + PageBytes - 1) & ~(PageBytes - 1));
}

} // namespace

void upstare::detachFromFile(PreparedPatch &Patch) {
  bool Copied = true;
  for (size_t I = 0; I != Patch.Image.CodeCount; ++I) {
    Copied &= copyPages(pagesOf(Patch.Image.Code[I]), PROT_READ | PROT_EXEC);
  }
  punchHoles(Patch.File, Copied);
}

bool upstare::noteCommit(const PreparedPatch &Patch) {
  Exclusive Here;
  if (!Here || !Patches.reserve(1) || !Entries.reserve(Patch.JumpCount))
    return false;
  Patches.Elements[Patches.Count++] = {
      Patch.Tables, Patch.Image,
      Patch.Image.Extent.End - Patch.Image.Extent.Begin, false};
  addEntries(Patch.Jumps, Patch.JumpCount);
  return true;
}

void upstare::releaseRetiredCode() {
  Exclusive Here;
  if (!Here)
    return;
  for (size_t I = 0; I + 1 < Patches.Count; ++I) {
    Loaded &L = Patches.Elements[I];
    if (L.Released || isReachable(L, Patches.Elements[I + 1]))
      continue;
    for (size_t J = 0; J != L.Image.CodeCount; ++J)
      L.Bytes -= releaseCode(L.Image.Code[J]);
    L.Released = true;
  }
}

RetainedMemory upstare::retainedMemory() {
  Exclusive Here;
  RetainedMemory R = {};
  for (size_t I = 0; Here && I != Patches.Count; ++I) {
    ++R.Patches;
    R.Bytes += Patches.Elements[I].Bytes;
  }
  return R;
}
