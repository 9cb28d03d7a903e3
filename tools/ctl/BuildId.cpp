//===- BuildId.cpp - the build id of an ELF file
//---------------------------===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The linker stores it in a note, which a program header leads to.
//
//===----------------------------------------------------------------------===//

#include "BuildId.h"
#include <cstring>
#include <elf.h>
#include <fcntl.h>
#include <unistd.h>
#include <vector>

using namespace upstare;

static std::string hexadecimal(const unsigned char *Bytes, size_t Size) {
  static const char Digits[] = "0123456789abcdef";
  std::string Result;
  for (size_t I = 0; I < Size; ++I) {
    Result += Digits[Bytes[I] >> 4];
    Result += Digits[Bytes[I] & 15];
  }
  return Result;
}

/// The build id among the notes of one segment.
static std::string buildIdIn(const std::vector<unsigned char> &Notes) {
  auto Align = [](size_t Size) { return (Size + 3) & ~size_t(3); };
  size_t At = 0;
  while (At + sizeof(Elf64_Nhdr) <= Notes.size()) {
    Elf64_Nhdr Head;
    memcpy(&Head, &Notes[At], sizeof(Head));
    size_t Name = At + sizeof(Head);
    size_t Text = Name + Align(Head.n_namesz);
    if (Text + Head.n_descsz > Notes.size())
      break;
    if (Head.n_type == NT_GNU_BUILD_ID && Head.n_namesz == 4 &&
        memcmp(&Notes[Name], "GNU", 4) == 0)
      return hexadecimal(&Notes[Text], Head.n_descsz);
    At = Text + Align(Head.n_descsz);
  }
  return "";
}

static std::string buildIdIn(int File) {
  Elf64_Ehdr Head;
  if (pread(File, &Head, sizeof(Head), 0) != sizeof(Head) ||
      memcmp(Head.e_ident, ELFMAG, SELFMAG) != 0 ||
      Head.e_ident[EI_CLASS] != ELFCLASS64)
    return "";
  for (unsigned I = 0; I < Head.e_phnum; ++I) {
    Elf64_Phdr Segment;
    if (pread(File, &Segment, sizeof(Segment),
              off_t(Head.e_phoff + I * sizeof(Segment))) != sizeof(Segment))
      return "";
    if (Segment.p_type != PT_NOTE || Segment.p_filesz > (1 << 20))
      continue;
    std::vector<unsigned char> Notes(Segment.p_filesz);
    if (pread(File, Notes.data(), Notes.size(), off_t(Segment.p_offset)) !=
        ssize_t(Notes.size()))
      return "";
    std::string BuildId = buildIdIn(Notes);
    if (!BuildId.empty())
      return BuildId;
  }
  return "";
}

std::string upstare::buildIdOf(const std::string &Path) {
  int File = open(Path.c_str(), O_RDONLY | O_CLOEXEC);
  if (File < 0)
    return "";
  std::string Result = buildIdIn(File);
  close(File);
  return Result;
}
