//===- ElfFile.cpp - a linked program as a file ---------------------------===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What does the linker's output say: build id, symbols, needed shared
// libraries, and the bytes of one section.
//
//===----------------------------------------------------------------------===//

#include "ElfFile.h"
#include "Problems.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace llvm;
using namespace upstare::patchgen;
using object::ELF64LE;

Expected<std::unique_ptr<ElfFile>> ElfFile::open(StringRef Path) {
  auto Buffer = MemoryBuffer::getFile(Path, /*IsText=*/false,
                                      /*RequiresNullTerminator=*/false);
  if (!Buffer)
    return badInput(Path, "cannot be read: " + Buffer.getError().message());
  StringRef Bytes = (*Buffer)->getBuffer();
  if (!Bytes.starts_with("\177ELF"))
    return badInput(Path, "is not an ELF file; give the linked programs");
  auto Object = object::ELF64LEObjectFile::create((*Buffer)->getMemBufferRef());
  if (!Object || Bytes[ELF::EI_CLASS] != ELF::ELFCLASS64 ||
      Bytes[ELF::EI_DATA] != ELF::ELFDATA2LSB ||
      Object->getELFFile().getHeader().e_machine != ELF::EM_X86_64) {
    if (!Object)
      consumeError(Object.takeError());
    return badInput(Path, "is not a complete x86-64 ELF file; give the linked "
                          "programs");
  }
  uint16_t Type = Object->getELFFile().getHeader().e_type;
  if (Type != ELF::ET_EXEC && Type != ELF::ET_DYN)
    return badInput(Path, "is an object file; give the linked programs");

  std::unique_ptr<ElfFile> File(new ElfFile);
  File->Path = Path.str();
  File->Buffer = std::move(*Buffer);
  File->Object =
      std::make_unique<object::ELF64LEObjectFile>(std::move(*Object));
  return File;
}

Expected<std::array<uint8_t, 20>> ElfFile::buildId() const {
  const auto &Elf = Object->getELFFile();
  auto Sections = Elf.sections();
  if (!Sections)
    return badInput(Path, toString(Sections.takeError()));
  for (const auto &Section : *Sections) {
    if (Section.sh_type != ELF::SHT_NOTE)
      continue;
    Error Err = Error::success();
    for (const auto &Note : Elf.notes(Section, Err)) {
      if (Note.getType() != ELF::NT_GNU_BUILD_ID || Note.getName() != "GNU")
        continue;
      ArrayRef<uint8_t> Desc = Note.getDesc(Section.sh_addralign);
      std::array<uint8_t, 20> Id;
      if (Desc.size() != Id.size())
        break;
      llvm::copy(Desc, Id.begin());
      consumeError(std::move(Err));
      return Id;
    }
    consumeError(std::move(Err));
  }
  return badInput(Path, "has no SHA-1 build id; link it with "
                        "-Wl,--build-id=sha1 (upstare-cc does)");
}

uint64_t ElfFile::offsetOf(ArrayRef<uint8_t> Contents) const {
  return Contents.data() -
         reinterpret_cast<const uint8_t *>(Buffer->getBufferStart());
}

Expected<ArrayRef<uint8_t>> ElfFile::section(StringRef Name) const {
  const auto &Elf = Object->getELFFile();
  auto Sections = Elf.sections();
  if (!Sections)
    return badInput(Path, toString(Sections.takeError()));
  for (const auto &Section : *Sections) {
    auto SectionName = Elf.getSectionName(Section);
    if (!SectionName)
      return badInput(Path, toString(SectionName.takeError()));
    if (*SectionName != Name)
      continue;
    auto Contents = Elf.getSectionContents(Section);
    if (!Contents)
      return badInput(Path, toString(Contents.takeError()));
    return *Contents;
  }
  return ArrayRef<uint8_t>();
}

Expected<std::vector<ElfFile::Section>> ElfFile::codeSections() const {
  const auto &Elf = Object->getELFFile();
  auto Sections = Elf.sections();
  if (!Sections)
    return badInput(Path, toString(Sections.takeError()));
  std::vector<Section> Result;
  for (const auto &Section : *Sections) {
    auto Name = Elf.getSectionName(Section);
    if (!Name)
      return badInput(Path, toString(Name.takeError()));
    if ((Section.sh_flags & ELF::SHF_EXECINSTR) && Section.sh_size)
      Result.push_back({Name->str(), Section.sh_addr});
  }
  return Result;
}

Expected<std::vector<ElfSymbol>> ElfFile::symbols() const {
  std::vector<ElfSymbol> Result;
  for (const object::ELFSymbolRef Symbol : Object->symbols()) {
    auto Name = Symbol.getName();
    if (!Name)
      return badInput(Path, toString(Name.takeError()));
    auto Entry = Object->getSymbol(Symbol.getRawDataRefImpl());
    if (!Entry)
      return badInput(Path, toString(Entry.takeError()));
    unsigned Type = (*Entry)->getType();
    if (Name->empty() || (*Entry)->isUndefined() || Type == ELF::STT_FILE ||
        Type == ELF::STT_SECTION)
      continue;
    ElfSymbol S;
    S.Name = Name->split('@').first.str();
    S.Address = (*Entry)->st_value;
    S.Size = (*Entry)->st_size;
    S.IsFunction = Type == ELF::STT_FUNC || Type == ELF::STT_GNU_IFUNC;
    S.IsThreadLocal = Type == ELF::STT_TLS;
    S.IsCode = S.IsFunction;
    if (!S.IsCode && Type == ELF::STT_NOTYPE) {
      auto Section = Symbol.getSection();
      if (!Section)
        return badInput(Path, toString(Section.takeError()));
      S.IsCode = *Section != Object->section_end() && (*Section)->isText();
    }
    S.IsLocal = (*Entry)->getBinding() == ELF::STB_LOCAL;
    S.IsWeak = (*Entry)->getBinding() == ELF::STB_WEAK;
    Result.push_back(std::move(S));
  }
  return Result;
}

Expected<StringMap<DynamicSymbol>> ElfFile::dynamicSymbols() const {
  StringMap<DynamicSymbol> Result;
  for (const object::ELFSymbolRef Symbol :
       Object->getDynamicSymbolIterators()) {
    auto Name = Symbol.getName();
    auto Entry = Object->getSymbol(Symbol.getRawDataRefImpl());
    if (!Name || !Entry)
      return badInput(
          Path, toString(joinErrors(Name.takeError(), Entry.takeError())));
    unsigned Type = (*Entry)->getType();
    DynamicSymbol &D = Result[*Name];
    // Of several versions of a symbol one definition is enough.
    if (D.IsDefined)
      continue;
    D.Address = (*Entry)->st_value;
    D.IsDefined = !(*Entry)->isUndefined();
    D.IsFunction = Type == ELF::STT_FUNC || Type == ELF::STT_GNU_IFUNC;
    D.IsProtected = (*Entry)->getVisibility() == ELF::STV_PROTECTED;
  }
  const object::ObjectFile &File = *Object;
  for (const object::SectionRef &Section : File.dynamic_relocation_sections())
    for (const object::ELFRelocationRef Relocation : Section.relocations()) {
      object::symbol_iterator Symbol = Relocation.getSymbol();
      if (Symbol == Object->symbol_end())
        continue;
      auto Name = Symbol->getName();
      if (!Name)
        return badInput(Path, toString(Name.takeError()));
      auto It = Result.find(*Name);
      if (It == Result.end())
        continue;
      It->second.IsRelocated = true;
      It->second.IsCopy |= Relocation.getType() == ELF::R_X86_64_COPY;
    }
  return Result;
}

Expected<std::string> ElfFile::origin() const {
  auto Segments = Object->getELFFile().program_headers();
  if (!Segments)
    return badInput(Path, toString(Segments.takeError()));
  // The kernel follows links to a program, the dynamic linker none.
  bool IsProgram = llvm::any_of(
      *Segments, [](const auto &S) { return S.p_type == ELF::PT_INTERP; });
  SmallString<128> Where(Path);
  std::error_code EC = IsProgram ? sys::fs::real_path(Path, Where)
                                 : sys::fs::make_absolute(Where);
  if (EC)
    return badInput(Path, EC.message());
  return sys::path::parent_path(Where).str();
}

Expected<ElfFile::Dynamic> ElfFile::dynamic() const {
  const auto &Elf = Object->getELFFile();
  auto Entries = Elf.dynamicEntries();
  if (!Entries)
    return badInput(Path, toString(Entries.takeError()));
  StringRef Strings;
  for (const auto &Entry : *Entries)
    if (Entry.d_tag == ELF::DT_STRTAB) {
      auto Mapped = Elf.toMappedAddr(Entry.d_un.d_ptr);
      if (!Mapped)
        return badInput(Path, toString(Mapped.takeError()));
      Strings = StringRef(reinterpret_cast<const char *>(*Mapped),
                          Buffer->getBufferEnd() -
                              reinterpret_cast<const char *>(*Mapped));
    }
  auto StringAt = [&](uint64_t Offset) {
    return Strings.substr(Offset).take_until([](char C) { return !C; });
  };
  auto Origin = origin();
  if (!Origin)
    return Origin.takeError();
  Dynamic Result;
  for (const auto &Entry : *Entries) {
    if (Entry.d_tag == ELF::DT_NEEDED)
      Result.Needed.push_back(StringAt(Entry.d_un.d_val).str());
    if (Entry.d_tag == ELF::DT_SONAME)
      Result.SoName = StringAt(Entry.d_un.d_val).str();
    Result.IsSymbolic |=
        Entry.d_tag == ELF::DT_SYMBOLIC ||
        (Entry.d_tag == ELF::DT_FLAGS && (Entry.d_un.d_val & ELF::DF_SYMBOLIC));
    if (Entry.d_tag != ELF::DT_RUNPATH && Entry.d_tag != ELF::DT_RPATH)
      continue;
    SmallVector<StringRef, 4> Folders;
    StringAt(Entry.d_un.d_val).split(Folders, ':', -1, /*KeepEmpty=*/false);
    for (StringRef Folder : Folders) {
      std::string Text = Folder.str();
      for (StringRef Variable : {"${ORIGIN}", "$ORIGIN"})
        if (size_t At = Text.find(Variable.str()); At != std::string::npos)
          Text.replace(At, Variable.size(), *Origin);
      (Entry.d_tag == ELF::DT_RUNPATH ? Result.RunPath : Result.RPath)
          .push_back(std::move(Text));
    }
  }
  return Result;
}
