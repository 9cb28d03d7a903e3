//===- symbol_names.cpp - names of code for people --------------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Answers: what is the function at this address called?
//
//===----------------------------------------------------------------------===//

#include "symbol_names.h"
#include "address_space.h"
#include "error.h"
#include "versions.h"
#include <dlfcn.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace upstare;

SymbolNames::~SymbolNames() { unmap(); }

void SymbolNames::unmap() const {
  if (File)
    munmap(const_cast<char *>(File), FileSize);
  File = nullptr;
}

void SymbolNames::map(const link_map &Object) const {
  if (Mapped == &Object)
    return;
  unmap();
  Mapped = &Object;
  const char *Path = *Object.l_name ? Object.l_name : "/proc/self/exe";
  int Fd = open(Path, O_RDONLY | O_CLOEXEC);
  struct stat Info;
  if (Fd >= 0 && !fstat(Fd, &Info) &&
      Info.st_size >= static_cast<off_t>(sizeof(Elf64_Ehdr))) {
    FileSize = static_cast<size_t>(Info.st_size);
    void *Mapping = mmap(nullptr, FileSize, PROT_READ, MAP_PRIVATE, Fd, 0);
    if (Mapping != MAP_FAILED)
      File = static_cast<const char *>(Mapping);
  }
  if (Fd >= 0)
    close(Fd);
}

/// The name in a table of type Type.
const char *SymbolNames::findInTable(uintptr_t Address, uint32_t Type) const {
  const auto *Head = reinterpret_cast<const Elf64_Ehdr *>(File);
  auto isInside = [&](uint64_t Offset, uint64_t Size) {
    return Offset <= FileSize && Size <= FileSize - Offset;
  };
  if (!isInside(Head->e_shoff, uint64_t{Head->e_shnum} * sizeof(Elf64_Shdr)))
    return nullptr;
  const auto *Sections =
      reinterpret_cast<const Elf64_Shdr *>(File + Head->e_shoff);
  for (unsigned I = 0; I != Head->e_shnum; ++I) {
    const Elf64_Shdr &S = Sections[I];
    if (S.sh_type != Type || S.sh_link >= Head->e_shnum ||
        !isInside(S.sh_offset, S.sh_size))
      continue;
    const Elf64_Shdr &Strings = Sections[S.sh_link];
    if (!isInside(Strings.sh_offset, Strings.sh_size))
      continue;
    const auto *Symbols =
        reinterpret_cast<const Elf64_Sym *>(File + S.sh_offset);
    for (uint64_t J = 0; J != S.sh_size / sizeof(Elf64_Sym); ++J)
      if (ELF64_ST_TYPE(Symbols[J].st_info) == STT_FUNC &&
          Symbols[J].st_shndx != SHN_UNDEF &&
          Address - Symbols[J].st_value < Symbols[J].st_size &&
          Symbols[J].st_name < Strings.sh_size)
        return File + Strings.sh_offset + Symbols[J].st_name;
  }
  return nullptr;
}

const char *SymbolNames::findInFile(const link_map &Object,
                                    uintptr_t Pc) const {
  map(Object);
  if (!File || memcmp(File, ELFMAG, SELFMAG) != 0)
    return nullptr;
  uintptr_t Address = Pc - Object.l_addr;
  const char *Name = findInTable(Address, SHT_SYMTAB);
  return Name ? Name : findInTable(Address, SHT_DYNSYM);
}

const char *SymbolNames::findInPatch(uintptr_t Pc) {
  const Version &Running = currentVersion();
  if (!Running.Tables || !Running.Image.hasCode(Pc))
    return nullptr;
  // Entries say where functions and their clones begin, not where they end;
  // cold parts lie elsewhere and get the name of a neighbour, which is better
  // than none.
  uintptr_t Nearest = 0;
  const char *Name = nullptr;
  auto consider = [&](const void *Begin, const char *Candidate) {
    auto Entry = reinterpret_cast<uintptr_t>(Begin);
    if (Entry <= Pc && Entry > Nearest) {
      Nearest = Entry;
      Name = Candidate;
    }
  };
  const upstare_patch &Tables = *Running.Tables;
  for (uint64_t I = 0; I != Tables.function_count; ++I)
    consider(Tables.functions[I].entry, Tables.functions[I].name);
  for (uint64_t I = 0; I != Tables.point_count; ++I)
    if (const upstare_frame_map *Map = Tables.points[I].frame)
      consider(Map->rebuild, Map->new_name);
  return Name;
}

/// The loaded object that Pc is in, or null. Lock-free, unlike dladdr.
static const link_map *objectOf(uintptr_t Pc) {
  dl_find_object Found;
  return _dl_find_object(reinterpret_cast<void *>(Pc), &Found)
             ? nullptr
             : Found.dlfo_link_map;
}

/// As people know it. (A patch is loaded from memory.)
static const char *fileName(const link_map &Object, uintptr_t Pc) {
  const Version &Running = currentVersion();
  return basename(Running.Tables && Running.Image.hasCode(Pc)
                      ? Running.PatchFile
                  : *Object.l_name ? Object.l_name
                                   : program_invocation_short_name);
}

void SymbolNames::append(char *Buffer, size_t Size, uintptr_t Pc) const {
  const link_map *Object = objectOf(Pc);
  const char *Name = findInPatch(Pc);
  bool IsProgram = theProgram().hasCode(Pc);
  if (!Name && Object)
    Name = findInFile(*Object, Pc);
  if (Name) {
    // "upstare.main" is how the program's main is called behind the new one.
    constexpr char Prefix[] = "upstare.";
    if (!strncmp(Name, Prefix, sizeof Prefix - 1))
      Name += sizeof Prefix - 1;
    appendText(Buffer, Size, "%s", Name);
    if (!IsProgram && !currentVersion().Image.hasCode(Pc))
      appendText(Buffer, Size, " in %s", fileName(*Object, Pc));
  } else if (Object) {
    appendText(Buffer, Size, "%s", fileName(*Object, Pc));
    appendOffset(Buffer, Size, *Object, Pc);
  } else {
    appendText(Buffer, Size, "0x%zx", static_cast<size_t>(Pc));
  }
}

void SymbolNames::appendOffset(char *Buffer, size_t Size,
                               const link_map &Object, uintptr_t Pc) {
  appendText(Buffer, Size, "+0x%zx", static_cast<size_t>(Pc - Object.l_addr));
}

void SymbolNames::appendPlace(char *Buffer, size_t Size, uintptr_t Pc) {
  const link_map *Object = objectOf(Pc);
  if (!Object)
    return;
  appendText(Buffer, Size, " (%s", fileName(*Object, Pc));
  appendOffset(Buffer, Size, *Object, Pc);
  appendText(Buffer, Size, ")");
}
