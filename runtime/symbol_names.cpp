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
#include <fcntl.h>
#include <link.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace upstare;

SymbolNames::SymbolNames() {
  int Fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
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

SymbolNames::~SymbolNames() {
  if (File)
    munmap(const_cast<char *>(File), FileSize);
}

const char *SymbolNames::findInProgram(uintptr_t Pc) const {
  if (!File || !theProgram().hasCode(Pc))
    return nullptr;
  uintptr_t Address = Pc - theProgram().Base;
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
    if (S.sh_type != SHT_SYMTAB || S.sh_link >= Head->e_shnum ||
        !isInside(S.sh_offset, S.sh_size))
      continue;
    const Elf64_Shdr &Strings = Sections[S.sh_link];
    if (!isInside(Strings.sh_offset, Strings.sh_size))
      continue;
    const auto *Symbols =
        reinterpret_cast<const Elf64_Sym *>(File + S.sh_offset);
    for (uint64_t J = 0; J != S.sh_size / sizeof(Elf64_Sym); ++J)
      if (ELF64_ST_TYPE(Symbols[J].st_info) == STT_FUNC &&
          Address - Symbols[J].st_value < Symbols[J].st_size &&
          Symbols[J].st_name < Strings.sh_size)
        return File + Strings.sh_offset + Symbols[J].st_name;
  }
  return nullptr;
}

const char *SymbolNames::findInPatch(uintptr_t Pc) {
  const Version &Running = currentVersion();
  if (!Running.Tables || !Running.Image.hasCode(Pc))
    return nullptr;
  // Entries say where functions begin, not where they end; cold parts lie
  // elsewhere and get the name of a neighbour, which is better than none.
  uintptr_t Nearest = 0;
  const char *Name = nullptr;
  for (uint64_t I = 0; I != Running.Tables->function_count; ++I) {
    const upstare_patch_function &F = Running.Tables->functions[I];
    auto Entry = reinterpret_cast<uintptr_t>(F.entry);
    if (Entry <= Pc && Entry > Nearest) {
      Nearest = Entry;
      Name = F.name;
    }
  }
  return Name;
}

void SymbolNames::append(char *Buffer, size_t Size, uintptr_t Pc) const {
  const char *Name = findInProgram(Pc);
  if (!Name)
    Name = findInPatch(Pc);
  if (Name) {
    // "upstare.main" is how the program's main is called behind the new one.
    constexpr char Prefix[] = "upstare.";
    if (!strncmp(Name, Prefix, sizeof Prefix - 1))
      Name += sizeof Prefix - 1;
    appendText(Buffer, Size, "%s", Name);
    return;
  }
  Dl_info Info;
  if (!dladdr(reinterpret_cast<void *>(Pc), &Info) || !Info.dli_fname) {
    appendText(Buffer, Size, "0x%zx", static_cast<size_t>(Pc));
    return;
  }
  const char *File = basename(Info.dli_fname);
  if (Info.dli_sname)
    appendText(Buffer, Size, "%s in %s", Info.dli_sname, File);
  else
    appendText(
        Buffer, Size, "%s+0x%zx", File,
        static_cast<size_t>(Pc - reinterpret_cast<uintptr_t>(Info.dli_fbase)));
}

void SymbolNames::appendPlace(char *Buffer, size_t Size, uintptr_t Pc) {
  Dl_info Info;
  void *Object;
  if (!dladdr1(reinterpret_cast<void *>(Pc), &Info, &Object, RTLD_DL_LINKMAP) ||
      !Info.dli_fname)
    return;
  appendText(Buffer, Size, " (%s+0x%zx)", basename(Info.dli_fname),
             static_cast<size_t>(Pc - static_cast<link_map *>(Object)->l_addr));
}
