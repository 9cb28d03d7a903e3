//===- PatchFileTest.cpp - a patch before it is loaded ----------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Whatever a file holds, reading it as a patch ends with a clear answer: every
// truncation is refused, and no byte decides about memory beyond the file.
//
//===----------------------------------------------------------------------===//

#include "patch_file.h"
#include "gtest/gtest.h"
#include <cstring>
#include <elf.h>
#include <string>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

using namespace upstare;

namespace {

const char StringTable[] =
    "\0upstare-binder-00000000\0old\0new\0us.g.1\0lib.so";
constexpr uint32_t BinderName = 1, OldName = 25, NewName = 29, BindName = 33,
                   LibraryName = 40;

/// The smallest file that is a patch: one segment, and the section headers at
/// the end.
struct TestPatch {
  Elf64_Ehdr Head;
  Elf64_Phdr Segments[2];
  Elf64_Dyn Dynamic[3];
  upstare_patch_header Patch;
  upstare_old_image Images[2];
  upstare_bind Binds[1];
  upstare_range Ranges[3];
  char Strings[sizeof StringTable];
  char SectionNames[32];
  Elf64_Shdr Sections[3];

  TestPatch() {
    memset(static_cast<void *>(this), 0, sizeof *this);
    memcpy(Head.e_ident, ELFMAG, SELFMAG);
    Head.e_ident[EI_CLASS] = ELFCLASS64;
    Head.e_ident[EI_DATA] = ELFDATA2LSB;
    Head.e_type = ET_DYN;
    Head.e_machine = EM_X86_64;
    Head.e_phoff = offsetof(TestPatch, Segments);
    Head.e_phentsize = sizeof(Elf64_Phdr);
    Head.e_phnum = 2;
    Head.e_shoff = offsetof(TestPatch, Sections);
    Head.e_shentsize = sizeof(Elf64_Shdr);
    Head.e_shnum = 3;
    Head.e_shstrndx = 2;
    Segments[0].p_type = PT_LOAD;
    Segments[0].p_filesz = Segments[0].p_memsz = sizeof *this;
    Segments[0].p_vaddr = 0x1000;
    Segments[1].p_type = PT_DYNAMIC;
    Segments[1].p_offset = offsetof(TestPatch, Dynamic);
    Segments[1].p_filesz = sizeof Dynamic;
    Dynamic[0] = {DT_STRTAB, {0x1000 + offsetof(TestPatch, Strings)}};
    Dynamic[1] = {DT_NEEDED, {BinderName}};
    memcpy(Patch.magic, UPSTARE_PATCH_MAGIC, 8);
    Patch.abi_version = UPSTARE_ABI_VERSION;
    Patch.header_size = sizeof Patch;
    Patch.image_count = 2;
    Patch.bind_count = 1;
    Patch.range_count = 3;
    Patch.strings_size = sizeof Strings;
    Patch.binder_name = BinderName;
    Patch.old_name = OldName;
    Patch.new_name = NewName;
    Images[0] = {{1}, OldName};
    Images[1] = {{2}, LibraryName};
    Binds[0] = {1, 0x4000, BindName, UPSTARE_BIND_GLOBAL, 1, 0};
    Ranges[0] = {0x100, 0x100, 0, 0};
    Ranges[1] = {0x200, 0x100, 0, 0};
    Ranges[2] = {0x100, 0x100, 1, 0}; // the other image begins anew
    memcpy(Strings, StringTable, sizeof Strings);
    memcpy(SectionNames, "\0" UPSTARE_PATCH_SECTION "\0.shstrtab", 26);
    Sections[1].sh_name = 1;
    Sections[1].sh_type = SHT_PROGBITS;
    Sections[1].sh_offset = offsetof(TestPatch, Patch);
    Sections[1].sh_size =
        offsetof(TestPatch, SectionNames) - offsetof(TestPatch, Patch);
    Sections[2].sh_name = 16;
    Sections[2].sh_type = SHT_STRTAB;
    Sections[2].sh_offset = offsetof(TestPatch, SectionNames);
    Sections[2].sh_size = sizeof SectionNames;
  }
};

/// A copy that ends right before memory that cannot be read.
class GuardedCopy {
public:
  GuardedCopy(const void *Bytes, size_t Size) {
    Mapped = (Size + 4095) / 4096 * 4096 + 4096;
    Memory = static_cast<char *>(mmap(nullptr, Mapped, PROT_READ | PROT_WRITE,
                                      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    mprotect(Memory + Mapped - 4096, 4096, PROT_NONE);
    // Aligned as a mapped file is.
    Start = Memory + (Mapped - 4096 - Size) / 8 * 8;
    memcpy(Start, Bytes, Size);
  }
  ~GuardedCopy() { munmap(Memory, Mapped); }
  char *start() { return Start; }

private:
  size_t Mapped;
  char *Memory, *Start;
};

Status parse(const void *Bytes, size_t Size, ErrorText &Error) {
  GuardedCopy Copy(Bytes, Size);
  PatchHeader Header;
  Status S = parsePatch(Copy.start(), Size, Header, Error);
  if (S == Status::Ok) {
    EXPECT_EQ(Header.Head->bind_count, 1u);
    findNeeded(Copy.start(), Size, "upstare-binder-00000000");
  }
  return S;
}

Status parse(const TestPatch &Patch) {
  ErrorText Error;
  return parse(&Patch, sizeof Patch, Error);
}

} // namespace

TEST(PatchFile, GoodOne) {
  TestPatch Patch;
  ErrorText Error;
  PatchHeader Header;
  auto *Bytes = reinterpret_cast<char *>(&Patch);
  ASSERT_EQ(parsePatch(Bytes, sizeof Patch, Header, Error), Status::Ok)
      << Error.Text;
  EXPECT_STREQ(Header.text(Header.Head->old_name), "old");
  EXPECT_STREQ(Header.text(Header.Binds[0].name), "us.g.1");
  EXPECT_EQ(Header.Ranges[1].native_address, 0x200u);
  EXPECT_EQ(findNeeded(Bytes, sizeof Patch, "upstare-binder-00000000"),
            Patch.Strings + BinderName);
  EXPECT_EQ(findNeeded(Bytes, sizeof Patch, "upstare-binder"), nullptr);
}

TEST(PatchFile, TruncatedAtEveryLength) {
  TestPatch Patch;
  for (size_t Size = 0; Size != sizeof Patch; ++Size) {
    ErrorText Error;
    Status S = parse(&Patch, Size, Error);
    EXPECT_EQ(S, Size < SELFMAG ? Status::NotElf : Status::Truncated)
        << Size << ": " << Error.Text;
  }
}

TEST(PatchFile, EveryByteChanged) {
  TestPatch Patch;
  auto *Bytes = reinterpret_cast<unsigned char *>(&Patch);
  size_t Refused = 0;
  for (size_t I = 0; I != sizeof Patch; ++I) {
    unsigned char Right = Bytes[I];
    for (unsigned char Wrong : {0x00, 0x01, 0x7f, 0x80, 0xff}) {
      Bytes[I] = Wrong;
      ErrorText Error = {};
      GuardedCopy Copy(&Patch, sizeof Patch);
      PatchHeader Header;
      if (parsePatch(Copy.start(), sizeof Patch, Header, Error) == Status::Ok)
        findNeeded(Copy.start(), sizeof Patch, "upstare-binder-00000000");
      else
        ++Refused;
    }
    Bytes[I] = Right;
  }
  EXPECT_GT(Refused, 200u);
}

TEST(PatchFile, ForeignFiles) {
  ErrorText Error;
  const char Text[64] = "#!/bin/sh\n";
  EXPECT_EQ(parse(Text, sizeof Text, Error), Status::NotElf);
  TestPatch Other;
  Other.Head.e_machine = EM_AARCH64;
  EXPECT_EQ(parse(Other), Status::WrongMachine);
  Other = TestPatch();
  Other.Head.e_type = ET_EXEC;
  EXPECT_EQ(parse(Other), Status::WrongMachine);
  Other = TestPatch();
  Other.SectionNames[3] = 'x';
  EXPECT_EQ(parse(Other), Status::NotAPatch);
  Other = TestPatch();
  Other.Patch.magic[0] = 'u';
  EXPECT_EQ(parse(Other), Status::NotAPatch);
}

TEST(PatchFile, OtherAbiVersion) {
  TestPatch Patch;
  Patch.Patch.abi_version = UPSTARE_ABI_VERSION + 1;
  // The rest of the header may look different then.
  Patch.Patch.header_size = 4;
  ErrorText Error;
  EXPECT_EQ(parse(&Patch, sizeof Patch, Error), Status::WrongAbi);
  EXPECT_NE(strstr(Error.Text, "ABI version 4 instead of 3"), nullptr);
}

TEST(PatchFile, ImpossibleImages) {
  auto malformed = [](auto Change) {
    TestPatch Patch;
    Change(Patch);
    EXPECT_EQ(parse(Patch), Status::Malformed);
  };
  malformed([](TestPatch &P) { P.Patch.image_count = 0; });
  malformed([](TestPatch &P) { P.Patch.image_count = 0xffffffff; });
  // One that takes the next table for the rest of the list.
  malformed([](TestPatch &P) { P.Patch.image_count = 3; });
  malformed([](TestPatch &P) { P.Images[1].name = sizeof StringTable; });
  malformed([](TestPatch &P) { P.Images[0].name = 0; });
  // Twice the same: binds of one would be looked for in the other.
  malformed([](TestPatch &P) { P.Images[1].build_id[0] = 1; });
  malformed([](TestPatch &P) { P.Binds[0].image = 2; });
  malformed([](TestPatch &P) { P.Ranges[2].image = 2; });
  malformed([](TestPatch &P) {
    P.Ranges[1].image = 1;
    P.Ranges[2].image = 0;
  });
  malformed([](TestPatch &P) { P.Ranges[1].image = 1; });
}

TEST(PatchFile, ImpossibleHeaders) {
  TestPatch Patch;
  Patch.Patch.bind_count = 0xffffffff;
  EXPECT_EQ(parse(Patch), Status::Malformed);
  Patch = TestPatch();
  Patch.Ranges[1].native_address = 0x1ff; // overlaps
  EXPECT_EQ(parse(Patch), Status::Malformed);
  Patch = TestPatch();
  Patch.Ranges[1].size = ~uint64_t{0};
  EXPECT_EQ(parse(Patch), Status::Malformed);
  Patch = TestPatch();
  Patch.Binds[0].kind = 9;
  EXPECT_EQ(parse(Patch), Status::Malformed);
  Patch = TestPatch();
  Patch.Binds[0].name = sizeof StringTable;
  EXPECT_EQ(parse(Patch), Status::Malformed);
  Patch = TestPatch();
  Patch.Patch.strings_size = 8; // does not end with NUL
  EXPECT_EQ(parse(Patch), Status::Malformed);
  Patch = TestPatch();
  Patch.Segments[0].p_filesz += 1;
  EXPECT_EQ(parse(Patch), Status::Truncated);
}

namespace {

/// An open file with the content of a good patch.
class PatchOnDisk {
public:
  PatchOnDisk() {
    Fd = mkstemp(Path);
    TestPatch Patch;
    EXPECT_EQ(write(Fd, &Patch, sizeof Patch), ssize_t{sizeof Patch});
  }
  ~PatchOnDisk() {
    close(Fd);
    unlink(Path);
  }
  char Path[32] = "/tmp/upstare-test-XXXXXX";
  int Fd;
};

} // namespace

TEST(PatchFile, CopyIsIndependent) {
  PatchOnDisk Disk;
  PatchFile File;
  ErrorText Error;
  ASSERT_EQ(readPatchFile(Disk.Fd, File, Error), Status::Ok) << Error.Text;
  ASSERT_EQ(ftruncate(Disk.Fd, 0), 0);
  EXPECT_STREQ(File.text(File.Header.Head->new_name), "new");
  closePatchFile(File);
  EXPECT_EQ(readPatchFile(Disk.Fd, File, Error), Status::NotElf);
}

TEST(PatchFile, FilesOthersMayChange) {
  PatchOnDisk Disk;
  PatchFile File;
  ErrorText Error;
  for (mode_t Mode : {0620, 0602, 0666}) {
    ASSERT_EQ(fchmod(Disk.Fd, Mode), 0);
    EXPECT_EQ(readPatchFile(Disk.Fd, File, Error), Status::UnsafeFile);
  }
  ASSERT_EQ(fchmod(Disk.Fd, 0600), 0);
  if (geteuid() == 0) {
    ASSERT_EQ(fchown(Disk.Fd, 12345, 0), 0);
    EXPECT_EQ(readPatchFile(Disk.Fd, File, Error), Status::UnsafeFile);
    EXPECT_NE(strstr(Error.Text, "belongs to user 12345"), nullptr);
  }
  int Ends[2];
  ASSERT_EQ(pipe(Ends), 0);
  EXPECT_EQ(readPatchFile(Ends[0], File, Error), Status::UnsafeFile);
  close(Ends[0]);
  close(Ends[1]);
}
