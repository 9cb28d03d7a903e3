//===- patch_file.cpp - a patch before it is loaded -------------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Answers: is this file a patch for this runtime, whole and trustworthy?
//
//===----------------------------------------------------------------------===//

#include "patch_file.h"
#include "address_space.h"
#include <elf.h>
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace upstare;

namespace {

/// The bytes of a file, reached with checks only.
class FileView {
public:
  FileView(const char *Bytes, size_t Size) : Bytes(Bytes), Size(Size) {}

  /// Count elements at Offset; null if they are not wholly in the file or not
  /// aligned.
  template <typename T> const T *at(uint64_t Offset, uint64_t Count = 1) const {
    if (Offset > Size || Count > (Size - Offset) / sizeof(T) ||
        Offset % alignof(T))
      return nullptr;
    return reinterpret_cast<const T *>(Bytes + Offset);
  }
  size_t size() const { return Size; }

private:
  const char *Bytes;
  size_t Size;
};

Status checkElf(const FileView &File, ErrorText &Error) {
  const char *Ident = File.at<char>(0, SELFMAG);
  if (!Ident || memcmp(Ident, ELFMAG, SELFMAG) != 0)
    return Error.fail(Status::NotElf);
  const auto *Head = File.at<Elf64_Ehdr>(0);
  if (!Head)
    return Error.fail(Status::Truncated, "its ELF header is not whole");
  if (Head->e_ident[EI_CLASS] != ELFCLASS64 ||
      Head->e_ident[EI_DATA] != ELFDATA2LSB || Head->e_machine != EM_X86_64)
    return Error.fail(Status::WrongMachine, "machine %u instead of %u (x86-64)",
                      Head->e_machine, EM_X86_64);
  if (Head->e_type != ET_DYN)
    return Error.fail(Status::WrongMachine, "ELF type %u instead of %u",
                      Head->e_type, ET_DYN);
  if (Head->e_phentsize != sizeof(Elf64_Phdr) ||
      (Head->e_shnum && Head->e_shentsize != sizeof(Elf64_Shdr)))
    return Error.fail(Status::Malformed, "unknown sizes of ELF headers");
  return Status::Ok;
}

/// The dynamic linker would map what is not there, and the program would die
/// when it touches it.
Status checkSegments(const FileView &File, ErrorText &Error) {
  const auto *Head = File.at<Elf64_Ehdr>(0);
  const auto *Segments = File.at<Elf64_Phdr>(Head->e_phoff, Head->e_phnum);
  if (!Segments)
    return Error.fail(Status::Truncated, "its program headers are missing");
  for (unsigned I = 0; I != Head->e_phnum; ++I)
    if (Segments[I].p_type == PT_LOAD &&
        !File.at<char>(Segments[I].p_offset, Segments[I].p_filesz))
      return Error.fail(Status::Truncated, "segment %u ends behind the file",
                        I);
  return Status::Ok;
}

Status findSection(const FileView &File, const Elf64_Shdr *&Out,
                   ErrorText &Error) {
  const auto *Head = File.at<Elf64_Ehdr>(0);
  const auto *Sections = File.at<Elf64_Shdr>(Head->e_shoff, Head->e_shnum);
  if (!Sections)
    return Error.fail(Status::Truncated, "its section headers are missing");
  if (Head->e_shstrndx >= Head->e_shnum)
    return Error.fail(Status::NotAPatch);
  const Elf64_Shdr &Names = Sections[Head->e_shstrndx];
  const char *Text = File.at<char>(Names.sh_offset, Names.sh_size);
  if (!Text)
    return Error.fail(Status::Truncated, "its section names are missing");
  constexpr size_t NameSize = sizeof UPSTARE_PATCH_SECTION;
  for (unsigned I = 0; I != Head->e_shnum; ++I) {
    const Elf64_Shdr &S = Sections[I];
    if (S.sh_name < Names.sh_size && Names.sh_size - S.sh_name >= NameSize &&
        !memcmp(Text + S.sh_name, UPSTARE_PATCH_SECTION, NameSize)) {
      Out = &S;
      return Status::Ok;
    }
  }
  return Error.fail(Status::NotAPatch, "it has no section %s",
                    UPSTARE_PATCH_SECTION);
}

Status readHeader(const FileView &Section, PatchHeader &Out, ErrorText &Error) {
  const char *Magic = Section.at<char>(0, 8);
  if (!Magic || memcmp(Magic, UPSTARE_PATCH_MAGIC, 8) != 0)
    return Error.fail(Status::NotAPatch, "section %s holds something else",
                      UPSTARE_PATCH_SECTION);
  const auto *Version = Section.at<uint32_t>(8);
  if (!Version)
    return Error.fail(Status::Malformed, "its header is not whole");
  if (*Version != UPSTARE_ABI_VERSION)
    return Error.fail(Status::WrongAbi, "ABI version %u instead of %u",
                      *Version, UPSTARE_ABI_VERSION);
  Out.Head = Section.at<upstare_patch_header>(0);
  if (!Out.Head || Out.Head->header_size != sizeof(upstare_patch_header))
    return Error.fail(Status::Malformed, "its header is not whole");
  uint64_t Offset = sizeof(upstare_patch_header);
  Out.Images = Section.at<upstare_old_image>(Offset, Out.Head->image_count);
  Offset += uint64_t{Out.Head->image_count} * sizeof(upstare_old_image);
  Out.Binds = Section.at<upstare_bind>(Offset, Out.Head->bind_count);
  Offset += uint64_t{Out.Head->bind_count} * sizeof(upstare_bind);
  Out.Ranges = Section.at<upstare_range>(Offset, Out.Head->range_count);
  Offset += uint64_t{Out.Head->range_count} * sizeof(upstare_range);
  Out.Strings = Section.at<char>(Offset, Out.Head->strings_size);
  if (!Out.Images || !Out.Binds || !Out.Ranges || !Out.Strings)
    return Error.fail(Status::Malformed, "its tables are not whole");
  return Status::Ok;
}

/// Each image has a name and a build id that no other has.
Status checkImages(const PatchHeader &Header, ErrorText &Error) {
  const upstare_patch_header &Head = *Header.Head;
  if (!Head.image_count)
    return Error.fail(Status::Malformed, "it lists no image");
  for (uint32_t I = 0; I != Head.image_count; ++I) {
    const upstare_old_image &Image = Header.Images[I];
    if (Image.name >= Head.strings_size || !*Header.text(Image.name))
      return Error.fail(Status::Malformed, "image %u has no name", I);
    for (uint32_t J = 0; J != I; ++J)
      if (!memcmp(Header.Images[J].build_id, Image.build_id, BuildIdBytes))
        return Error.fail(Status::Malformed, "images %u and %u are the same", J,
                          I);
  }
  return Status::Ok;
}

Status checkRanges(const PatchHeader &Header, ErrorText &Error) {
  uint64_t End = 0;
  uint32_t Image = 0;
  for (uint32_t I = 0; I != Header.Head->range_count; ++I) {
    const upstare_range &R = Header.Ranges[I];
    if (R.image > Image && R.image < Header.Head->image_count) {
      Image = R.image;
      End = 0;
    }
    if (R.image != Image || R.native_address < End ||
        R.size > UINT64_MAX - R.native_address)
      return Error.fail(Status::Malformed, "code range %u is out of order", I);
    End = R.native_address + R.size;
  }
  return Status::Ok;
}

Status checkHeader(const PatchHeader &Header, ErrorText &Error) {
  const upstare_patch_header &Head = *Header.Head;
  uint32_t Size = Head.strings_size;
  if (!Size || Header.Strings[Size - 1])
    return Error.fail(Status::Malformed, "its strings have no end");
  if (Head.binder_name >= Size || Head.old_name >= Size ||
      Head.new_name >= Size)
    return Error.fail(Status::Malformed, "a name is missing");
  for (uint32_t I = 0; I != Head.bind_count; ++I) {
    const upstare_bind &B = Header.Binds[I];
    if (B.name >= Size || !*Header.text(B.name) ||
        B.image >= Head.image_count || B.kind < UPSTARE_BIND_GLOBAL ||
        B.kind > UPSTARE_BIND_END)
      return Error.fail(Status::Malformed, "bind %u is invalid", I);
  }
  Status S = checkImages(Header, Error);
  return S == Status::Ok ? checkRanges(Header, Error) : S;
}

} // namespace

Status upstare::parsePatch(const char *Bytes, size_t Size, PatchHeader &Out,
                           ErrorText &Error) {
  FileView File(Bytes, Size);
  const Elf64_Shdr *Section = nullptr;
  Status S = checkElf(File, Error);
  if (S == Status::Ok)
    S = checkSegments(File, Error);
  if (S == Status::Ok)
    S = findSection(File, Section, Error);
  if (S != Status::Ok || !Section)
    return S;
  const char *Content =
      Section->sh_type == SHT_NOBITS
          ? nullptr
          : File.at<char>(Section->sh_offset, Section->sh_size);
  if (!Content)
    return Error.fail(Status::Truncated, "section %s ends behind the file",
                      UPSTARE_PATCH_SECTION);
  if (Section->sh_offset % alignof(upstare_patch_header))
    return Error.fail(Status::Malformed, "section %s is not aligned",
                      UPSTARE_PATCH_SECTION);
  S = readHeader(FileView(Content, Section->sh_size), Out, Error);
  return S == Status::Ok ? checkHeader(Out, Error) : S;
}

namespace {

/// The file offset of an address, by the segments; ~0 if there is none.
uint64_t offsetOf(const FileView &File, uint64_t Address) {
  const auto *Head = File.at<Elf64_Ehdr>(0);
  const auto *Segments = File.at<Elf64_Phdr>(Head->e_phoff, Head->e_phnum);
  for (unsigned I = 0; I != Head->e_phnum; ++I)
    if (Segments[I].p_type == PT_LOAD &&
        Address - Segments[I].p_vaddr < Segments[I].p_filesz)
      return Segments[I].p_offset + (Address - Segments[I].p_vaddr);
  return ~uint64_t{0};
}

const Elf64_Dyn *findDynamic(const FileView &File, uint64_t &Count) {
  const auto *Head = File.at<Elf64_Ehdr>(0);
  const auto *Segments = File.at<Elf64_Phdr>(Head->e_phoff, Head->e_phnum);
  for (unsigned I = 0; I != Head->e_phnum; ++I) {
    if (Segments[I].p_type != PT_DYNAMIC)
      continue;
    Count = Segments[I].p_filesz / sizeof(Elf64_Dyn);
    return File.at<Elf64_Dyn>(Segments[I].p_offset, Count);
  }
  return nullptr;
}

} // namespace

char *upstare::findNeeded(char *Bytes, size_t Size, const char *Name) {
  FileView File(Bytes, Size);
  uint64_t Count = 0;
  const Elf64_Dyn *Dynamic = findDynamic(File, Count);
  if (!Dynamic)
    return nullptr;
  uint64_t Strings = ~uint64_t{0};
  for (uint64_t I = 0; I != Count && Dynamic[I].d_tag != DT_NULL; ++I)
    if (Dynamic[I].d_tag == DT_STRTAB)
      Strings = offsetOf(File, Dynamic[I].d_un.d_ptr);
  size_t NameSize = strlen(Name) + 1;
  for (uint64_t I = 0; I != Count && Dynamic[I].d_tag != DT_NULL; ++I) {
    if (Dynamic[I].d_tag != DT_NEEDED)
      continue;
    uint64_t Offset;
    if (__builtin_add_overflow(Strings, Dynamic[I].d_un.d_val, &Offset))
      continue;
    const char *Text = File.at<char>(Offset, NameSize);
    if (Text && !memcmp(Text, Name, NameSize))
      return Bytes + Offset;
  }
  return nullptr;
}

Status upstare::checkOwner(int Fd, ErrorText &Error) {
  struct stat Info;
  if (fstat(Fd, &Info))
    return Error.failErrno(Status::CannotOpen, "its status");
  if (!S_ISREG(Info.st_mode))
    return Error.fail(Status::UnsafeFile, "it is not a regular file");
  if (Info.st_uid != geteuid() && Info.st_uid != 0)
    return Error.fail(Status::UnsafeFile,
                      "it belongs to user %u, the process runs as user %u",
                      Info.st_uid, geteuid());
  if (Info.st_mode & (S_IWGRP | S_IWOTH))
    return Error.fail(Status::UnsafeFile,
                      "its mode is %04o; take the write permission from group "
                      "and others (chmod go-w)",
                      Info.st_mode & 07777);
  return Status::Ok;
}

/// Reads the whole file into the copy.
static Status copyFile(int From, PatchFile &To, ErrorText &Error) {
  for (size_t Done = 0; Done != To.Size;) {
    ssize_t Bytes =
        pread(From, To.Bytes + Done, To.Size - Done, static_cast<off_t>(Done));
    if (Bytes < 0 && errno == EINTR)
      continue;
    if (Bytes < 0)
      return Error.failErrno(Status::CannotOpen, "reading it");
    if (!Bytes)
      return Error.fail(Status::Truncated, "it shrank while it was read");
    Done += static_cast<size_t>(Bytes);
  }
  return Status::Ok;
}

static Status checkDigest(const PatchFile &File, ErrorText &Error) {
  const upstare_patch_header &Head = *File.Header.Head;
  auto At = static_cast<uint64_t>(reinterpret_cast<const char *>(&Head.digest) -
                                  File.Bytes);
  if (!Head.digest ||
      Head.digest ==
          upstare_digest(reinterpret_cast<unsigned char *>(File.Bytes),
                         File.Size, At))
    return Status::Ok;
  return Error.fail(Status::Malformed,
                    "its contents are not what upstare-patchgen wrote; copy it "
                    "again, or make it again");
}

Status upstare::readPatchFile(int Fd, PatchFile &Out, ErrorText &Error) {
  Out = PatchFile();
  Out.Fd = -1;
  Status S = checkOwner(Fd, Error);
  if (S != Status::Ok)
    return S;
  struct stat Info;
  if (fstat(Fd, &Info))
    return Error.failErrno(Status::CannotOpen, "its status");
  if (!Info.st_size)
    return Error.fail(Status::NotElf, "it is empty");
  Out.Size = static_cast<size_t>(Info.st_size);
  Out.Fd = memfd_create("upstare-patch", MFD_CLOEXEC);
  if (Out.Fd < 0 || ftruncate(Out.Fd, Info.st_size))
    S = Error.failErrno(Status::System, "memory for the patch");
  if (S == Status::Ok) {
    void *Mapping =
        mmap(nullptr, Out.Size, PROT_READ | PROT_WRITE, MAP_SHARED, Out.Fd, 0);
    if (Mapping == MAP_FAILED)
      S = Error.failErrno(Status::System, "memory for the patch");
    else
      Out.Bytes = static_cast<char *>(Mapping);
  }
  if (S == Status::Ok)
    S = copyFile(Fd, Out, Error);
  if (S == Status::Ok)
    S = parsePatch(Out.Bytes, Out.Size, Out.Header, Error);
  if (S == Status::Ok)
    S = checkDigest(Out, Error);
  if (S != Status::Ok)
    closePatchFile(Out);
  return S;
}

void upstare::closePatchFile(PatchFile &File) {
  if (File.Bytes)
    munmap(File.Bytes, File.Size);
  if (File.Fd >= 0)
    close(File.Fd);
  File.Bytes = nullptr;
  File.Fd = -1;
}
