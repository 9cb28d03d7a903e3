//===- outsiders.cpp - libraries that no patch knows ------------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// See outsiders.h. Code of loaded libraries reaches a variable of the program
// through a slot that the dynamic linker filled: those are looked through. For
// what is loaded later, the symbol tables of the program and its libraries are
// changed in memory. Functions need none of this: their addresses stay.
//
//===----------------------------------------------------------------------===//

#include "outsiders.h"
#include "address_space.h"
#include "loader.h"
#include "patch_tables.h"
#include "write_window.h"
#include <link.h>
#include <stdlib.h>
#include <string.h>

using namespace upstare;

namespace {

/// The images that the program was started as, once a patch runs; ends with 0,
/// after the program, which may lie at 0.
const uintptr_t *StartedWith;

/// The dynamic section of a loaded object.
struct DynamicTables {
  const ElfW(Sym) * Symbols;
  const ElfW(Rela) * Relocations;
  size_t RelocationCount;
  size_t SymbolCount;
};

/// Symbols that a table of DT_GNU_HASH knows, and those before them.
size_t countHashed(const uint32_t *Table) {
  uint32_t Buckets = Table[0], First = Table[1], BloomWords = Table[2];
  const uint32_t *Bucket = Table + 4 + size_t{2} * BloomWords;
  const uint32_t *Chain = Bucket + Buckets;
  uint32_t Last = 0;
  for (uint32_t I = 0; I != Buckets; ++I)
    Last = Bucket[I] > Last ? Bucket[I] : Last;
  if (Last < First)
    return First;
  while (!(Chain[Last - First] & 1))
    ++Last;
  return size_t{Last} + 1;
}

DynamicTables readDynamic(const dl_phdr_info &Info) {
  DynamicTables T = {};
  const ElfW(Dyn) *Entry = nullptr;
  for (size_t I = 0; I != Info.dlpi_phnum; ++I)
    if (Info.dlpi_phdr[I].p_type == PT_DYNAMIC)
      Entry = reinterpret_cast<const ElfW(Dyn) *>(Info.dlpi_addr +
                                                  Info.dlpi_phdr[I].p_vaddr);
  // The dynamic linker has turned most offsets into addresses; not the kernel's
  // object.
  auto at = [&](uintptr_t Pointer) {
    return Pointer < Info.dlpi_addr ? Pointer + Info.dlpi_addr : Pointer;
  };
  for (; Entry && Entry->d_tag != DT_NULL; ++Entry)
    switch (Entry->d_tag) {
    case DT_SYMTAB:
      T.Symbols = reinterpret_cast<const ElfW(Sym) *>(at(Entry->d_un.d_ptr));
      break;
    case DT_RELA:
      T.Relocations =
          reinterpret_cast<const ElfW(Rela) *>(at(Entry->d_un.d_ptr));
      break;
    case DT_RELASZ:
      T.RelocationCount = Entry->d_un.d_val / sizeof(ElfW(Rela));
      break;
    case DT_GNU_HASH:
      T.SymbolCount = countHashed(
          reinterpret_cast<const uint32_t *>(at(Entry->d_un.d_ptr)));
      break;
    case DT_HASH:
      if (!T.SymbolCount)
        T.SymbolCount =
            reinterpret_cast<const uint32_t *>(at(Entry->d_un.d_ptr))[1];
      break;
    default:
      break;
    }
  return T;
}

/// One pass over the loaded objects.
class Scan {
public:
  Scan(PreparedPatch &Patch, ErrorText &Error) : Patch(Patch), Error(Error) {}
  Status run();

private:
  const upstare_moved_global *movedAt(uintptr_t Address) const;
  void checkSlots(const dl_phdr_info &Info, const DynamicTables &T);
  void planExports(const dl_phdr_info &Info, const DynamicTables &T);
  bool isOfProgram(const dl_phdr_info &Info) const;
  static int visit(dl_phdr_info *Info, size_t, void *Argument);

  PreparedPatch &Patch;
  ErrorText &Error;
  const upstare_moved_global **Moved = nullptr; // sorted by address
  size_t Count = 0;
  Status Result = Status::Ok;
  ExportChange *Exports = nullptr; // null: to be counted only
  size_t ExportCount = 0;
};

uintptr_t oldAddress(const upstare_moved_global *G) {
  return reinterpret_cast<uintptr_t>(G->old_address);
}

const upstare_moved_global *Scan::movedAt(uintptr_t Address) const {
  size_t After = lowerBound(Moved, Count, [&](const upstare_moved_global *G) {
    return oldAddress(G) <= Address;
  });
  const upstare_moved_global *G = After ? Moved[After - 1] : nullptr;
  return G && Address - oldAddress(G) < G->type->old_size ? G : nullptr;
}

bool Scan::isOfProgram(const dl_phdr_info &Info) const {
  const uintptr_t *Bases = StartedWith ? StartedWith : Patch.ImageBases;
  if (Info.dlpi_addr == *Bases)
    return true;
  while (*++Bases)
    if (Info.dlpi_addr == *Bases)
      return true;
  // Patches, and what they were bound by.
  return isLoadedPatch(Info.dlpi_name);
}

void Scan::checkSlots(const dl_phdr_info &Info, const DynamicTables &T) {
  for (size_t I = 0; T.Relocations && I != T.RelocationCount; ++I) {
    const ElfW(Rela) &R = T.Relocations[I];
    auto Type = ELF64_R_TYPE(R.r_info);
    if (!ELF64_R_SYM(R.r_info) ||
        (Type != R_X86_64_GLOB_DAT && Type != R_X86_64_64))
      continue;
    uintptr_t Value;
    memcpy(&Value, reinterpret_cast<const void *>(Info.dlpi_addr + R.r_offset),
           sizeof Value);
    if (Type == R_X86_64_64)
      Value -= static_cast<uintptr_t>(R.r_addend);
    const upstare_moved_global *G = movedAt(Value);
    if (!G)
      continue;
    Result = Error.fail(
        Status::OutsideUse,
        "%s uses %s; make the patch with that library (upstare-patchgen "
        "--old-library FILE --new-library FILE) if it was built with "
        "upstare-cc, or leave the variable as it is",
        basename(Info.dlpi_name), G->name);
    return;
  }
}

void Scan::planExports(const dl_phdr_info &Info, const DynamicTables &T) {
  for (size_t I = 1; T.Symbols && I < T.SymbolCount; ++I) {
    const ElfW(Sym) &S = T.Symbols[I];
    if (S.st_shndx == SHN_UNDEF || S.st_shndx == SHN_ABS ||
        ELF64_ST_TYPE(S.st_info) != STT_OBJECT)
      continue;
    const upstare_moved_global *G = movedAt(Info.dlpi_addr + S.st_value);
    if (!G || Info.dlpi_addr + S.st_value != oldAddress(G))
      continue;
    if (Exports)
      Exports[ExportCount] = {const_cast<uint64_t *>(&S.st_value),
                              reinterpret_cast<uintptr_t>(G->new_address) -
                                  Info.dlpi_addr};
    ++ExportCount;
  }
}

int Scan::visit(dl_phdr_info *Info, size_t, void *Argument) {
  auto &S = *static_cast<Scan *>(Argument);
  DynamicTables T = readDynamic(*Info);
  if (S.isOfProgram(*Info))
    S.planExports(*Info, T);
  else if (!S.Exports)
    S.checkSlots(*Info, T);
  return S.Result != Status::Ok;
}

uint64_t objectsLoaded() {
  uint64_t Adds = 0;
  dl_iterate_phdr(
      [](dl_phdr_info *Info, size_t, void *Argument) {
        *static_cast<uint64_t *>(Argument) = Info->dlpi_adds;
        return 1;
      },
      &Adds);
  return Adds;
}

Status Scan::run() {
  Patch.ObjectsLoaded = objectsLoaded();
  Patch.ExportCount = 0;
  const upstare_patch &Tables = *Patch.Tables;
  if (!Tables.moved_count)
    return Status::Ok;
  Moved = static_cast<const upstare_moved_global **>(Patch.Memory.allocate(
      Tables.moved_count * sizeof(void *), alignof(void *)));
  if (!Moved)
    return Error.fail(Status::OutOfMemory);
  for (; Count != Tables.moved_count; ++Count)
    Moved[Count] = &Tables.moved[Count];
  heapSort(Moved, Count,
           [](const upstare_moved_global *A, const upstare_moved_global *B) {
             return oldAddress(A) < oldAddress(B);
           });
  dl_iterate_phdr(visit, this);
  if (Result != Status::Ok || !ExportCount)
    return Result;
  Exports = Patch.Memory.allocateArray<ExportChange>(ExportCount);
  if (!Exports)
    return Error.fail(Status::OutOfMemory);
  ExportCount = 0;
  dl_iterate_phdr(visit, this);
  heapSort(Exports, ExportCount,
           [](const ExportChange &A, const ExportChange &B) {
             return A.Value < B.Value;
           });
  Patch.Exports = Exports;
  Patch.ExportCount = ExportCount;
  return Status::Ok;
}

} // namespace

Status upstare::checkOutsiders(PreparedPatch &Patch, ErrorText &Error) {
  if (!StartedWith) {
    size_t Count = Patch.File.Header.Head->image_count;
    auto *Bases =
        static_cast<uintptr_t *>(calloc(Count + 1, sizeof(uintptr_t)));
    if (!Bases)
      return Error.fail(Status::OutOfMemory);
    for (size_t I = 0; I != Count; ++I)
      Bases[I] = Patch.OldImages[I].Base;
    Patch.ImageBases = Bases;
  }
  return Scan(Patch, Error).run();
}

Status upstare::openExports(PreparedPatch &Patch, WriteWindow &Window,
                            ErrorText &Error) {
  // Asking takes the dynamic linker's lock, and this is the pause.
  if (Patch.Tables->moved_count && objectsLoaded() != Patch.ObjectsLoaded) {
    Status S = Scan(Patch, Error).run();
    if (S != Status::Ok)
      return S;
  }
  for (size_t I = 0; I != Patch.ExportCount; ++I) {
    Status S = Window.open(reinterpret_cast<uintptr_t>(Patch.Exports[I].Value),
                           sizeof(uint64_t), Error);
    if (S != Status::Ok)
      return S;
  }
  return Status::Ok;
}

void upstare::changeExports(PreparedPatch &Patch) {
  for (size_t I = 0; I != Patch.ExportCount; ++I)
    *Patch.Exports[I].Value = Patch.Exports[I].New;
  if (!StartedWith) {
    StartedWith = Patch.ImageBases;
    Patch.ImageBases = nullptr;
  }
}
