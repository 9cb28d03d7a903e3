//===- binder.cpp - symbols for a patch -------------------------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Answers: which bytes make a shared object of absolute symbols?
//
// One segment: ELF header, program headers, hash table, symbols, strings,
// dynamic section. It is writable because dynamic linkers before glibc 2.35
// write addresses into the dynamic section. Stubs have a second one.
//
//===----------------------------------------------------------------------===//

#include "binder.h"
#include "address_space.h"
#include "upstare/abi.h"
#include <elf.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

using namespace upstare;

namespace {

constexpr size_t SegmentCount = 4;
constexpr size_t StubBytes = UPSTARE_ENTRY_ALIGN;
constexpr unsigned char StubFill = 0xcc; // traps
constexpr size_t DynamicCount = 7;

/// Offsets in the file, which are addresses too.
struct Layout {
  size_t Hash;
  size_t Symbols;
  size_t Strings;
  size_t StringBytes;
  size_t Dynamic;
  size_t DataSize; // of the first segment
  size_t Stubs;
  size_t StubCount;
  size_t Size;
};

Layout layOut(const char *Name, const BoundSymbol *Symbols, size_t Count) {
  Layout L;
  L.Hash = sizeof(Elf64_Ehdr) + SegmentCount * sizeof(Elf64_Phdr);
  // nbucket, nchain; a bucket for each symbol, a chain for each and the null.
  size_t HashBytes = (2 + Count + 1 + Count + 1) * sizeof(uint32_t);
  L.Symbols = (L.Hash + HashBytes + 7) & ~size_t{7};
  L.Strings = L.Symbols + (Count + 1) * sizeof(Elf64_Sym);
  L.StringBytes = 1 + strlen(Name) + 1;
  for (size_t I = 0; I != Count; ++I)
    L.StringBytes += strlen(Symbols[I].Name) + 1;
  L.Dynamic = (L.Strings + L.StringBytes + 7) & ~size_t{7};
  L.DataSize = L.Dynamic + DynamicCount * sizeof(Elf64_Dyn);
  L.Stubs = (L.DataSize + PageBytes - 1) & ~(PageBytes - 1);
  L.StubCount = 0;
  for (size_t I = 0; I != Count; ++I)
    L.StubCount += !Symbols[I].Address;
  L.Size = L.StubCount ? L.Stubs + L.StubCount * StubBytes : L.DataSize;
  return L;
}

/// The hash function of the ELF specification.
uint32_t elfHash(const char *Name) {
  uint32_t Hash = 0;
  for (; *Name; ++Name) {
    Hash = (Hash << 4) + static_cast<unsigned char>(*Name);
    Hash = (Hash ^ ((Hash & 0xf0000000) >> 24)) & 0x0fffffff;
  }
  return Hash;
}

void writeHeaders(char *Bytes, const Layout &L) {
  auto *Head = reinterpret_cast<Elf64_Ehdr *>(Bytes);
  memcpy(Head->e_ident, ELFMAG, SELFMAG);
  Head->e_ident[EI_CLASS] = ELFCLASS64;
  Head->e_ident[EI_DATA] = ELFDATA2LSB;
  Head->e_ident[EI_VERSION] = EV_CURRENT;
  Head->e_type = ET_DYN;
  Head->e_machine = EM_X86_64;
  Head->e_version = EV_CURRENT;
  Head->e_phoff = sizeof *Head;
  Head->e_ehsize = sizeof *Head;
  Head->e_phentsize = sizeof(Elf64_Phdr);
  Head->e_phnum = L.StubCount ? SegmentCount : SegmentCount - 1;
  auto *Segments = reinterpret_cast<Elf64_Phdr *>(Head + 1);
  Segments[0].p_type = PT_LOAD;
  Segments[0].p_flags = PF_R | PF_W;
  Segments[0].p_filesz = Segments[0].p_memsz = L.DataSize;
  Segments[0].p_align = PageBytes;
  Segments[1].p_type = PT_DYNAMIC;
  Segments[1].p_flags = PF_R | PF_W;
  Segments[1].p_offset = Segments[1].p_vaddr = Segments[1].p_paddr = L.Dynamic;
  Segments[1].p_filesz = Segments[1].p_memsz = DynamicCount * sizeof(Elf64_Dyn);
  Segments[1].p_align = alignof(Elf64_Dyn);
  // Without it the process's stacks would become executable.
  Segments[2].p_type = PT_GNU_STACK;
  Segments[2].p_flags = PF_R | PF_W;
  Segments[2].p_align = 16;
  if (!L.StubCount)
    return;
  Segments[3].p_type = PT_LOAD;
  Segments[3].p_flags = PF_R | PF_X;
  Segments[3].p_offset = Segments[3].p_vaddr = Segments[3].p_paddr = L.Stubs;
  Segments[3].p_filesz = Segments[3].p_memsz = L.StubCount * StubBytes;
  Segments[3].p_align = PageBytes;
  memset(Bytes + L.Stubs, StubFill, L.StubCount * StubBytes);
}

void writeDynamic(char *Bytes, const Layout &L) {
  const Elf64_Dyn Entries[DynamicCount] = {
      {DT_SONAME, {1}},         {DT_HASH, {L.Hash}},
      {DT_SYMTAB, {L.Symbols}}, {DT_SYMENT, {sizeof(Elf64_Sym)}},
      {DT_STRTAB, {L.Strings}}, {DT_STRSZ, {L.StringBytes}},
      {DT_NULL, {0}},
  };
  memcpy(Bytes + L.Dynamic, Entries, sizeof Entries);
}

void writeSymbols(char *Bytes, const Layout &L, const char *Name,
                  const BoundSymbol *Symbols, size_t Count) {
  auto *Table = reinterpret_cast<Elf64_Sym *>(Bytes + L.Symbols);
  auto *Hash = reinterpret_cast<uint32_t *>(Bytes + L.Hash);
  auto Buckets = static_cast<uint32_t>(Count + 1);
  Hash[0] = Hash[1] = Buckets;
  char *Text = Bytes + L.Strings;
  size_t Used = 1 + strlen(strcpy(Text + 1, Name)) + 1;
  constexpr Elf64_Section SomeSection = 1; // relative to where it is loaded
  size_t NextStub = L.Stubs;
  for (size_t I = 0; I != Count; ++I) {
    Elf64_Sym &S = Table[I + 1];
    S.st_name = static_cast<Elf64_Word>(Used);
    S.st_info = ELF64_ST_INFO(STB_GLOBAL, STT_NOTYPE);
    S.st_shndx = Symbols[I].Address ? SHN_ABS : SomeSection;
    S.st_value = Symbols[I].Address;
    if (!Symbols[I].Address) {
      S.st_value = NextStub;
      NextStub += StubBytes;
    }
    Used += strlen(strcpy(Text + Used, Symbols[I].Name)) + 1;
    uint32_t Bucket = elfHash(Symbols[I].Name) % Buckets;
    Hash[2 + Buckets + I + 1] = Hash[2 + Bucket];
    Hash[2 + Bucket] = static_cast<uint32_t>(I + 1);
  }
}

} // namespace

Status upstare::writeBinder(const char *Name, const BoundSymbol *Symbols,
                            size_t Count, int &Fd, ErrorText &Error) {
  Layout L = layOut(Name, Symbols, Count);
  Fd = memfd_create("upstare-binder", MFD_CLOEXEC);
  if (Fd < 0)
    return Error.failErrno(Status::System, "memory for the binder");
  void *Bytes = MAP_FAILED;
  if (!ftruncate(Fd, static_cast<off_t>(L.Size)))
    Bytes = mmap(nullptr, L.Size, PROT_READ | PROT_WRITE, MAP_SHARED, Fd, 0);
  if (Bytes == MAP_FAILED) {
    Error.failErrno(Status::System, "memory for the binder");
    close(Fd);
    return Status::System;
  }
  writeHeaders(static_cast<char *>(Bytes), L);
  writeSymbols(static_cast<char *>(Bytes), L, Name, Symbols, Count);
  writeDynamic(static_cast<char *>(Bytes), L);
  munmap(Bytes, L.Size);
  return Status::Ok;
}
