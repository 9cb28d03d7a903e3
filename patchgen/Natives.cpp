//===- Natives.cpp - symbols of code that is not instrumented -------------===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Where does each symbol come from that the instrumented modules of NEW use and
// do not define?
//
//===----------------------------------------------------------------------===//

#include "Natives.h"
#include "Problems.h"
#include "SectionSets.h"
#include "upstare/abi.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Object/Archive.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace llvm;
using namespace upstare;
using namespace upstare::patchgen;

namespace {

/// Folders that the dynamic linker is told of, one a line.
void readLinkerConfiguration(StringRef Path, std::vector<std::string> &Folders,
                             unsigned Depth = 0) {
  auto Buffer = MemoryBuffer::getFile(Path, /*IsText=*/true);
  if (!Buffer || Depth > 3)
    return;
  SmallVector<StringRef, 16> Lines;
  (*Buffer)->getBuffer().split(Lines, '\n');
  for (StringRef Line : Lines) {
    Line = Line.take_until([](char C) { return C == '#'; }).trim();
    if (Line.consume_front("include ")) {
      // "include /etc/ld.so.conf.d/*.conf"
      std::error_code EC;
      std::set<std::string> Files;
      for (sys::fs::directory_iterator
               I(sys::path::parent_path(Line.trim()), EC),
           E;
           I != E && !EC; I.increment(EC))
        if (sys::path::extension(I->path()) ==
            sys::path::extension(Line.trim()))
          Files.insert(I->path());
      for (const std::string &File : Files)
        readLinkerConfiguration(File, Folders, Depth + 1);
    } else if (Line.starts_with("/")) {
      Folders.push_back(Line.str());
    }
  }
}

Expected<std::string> findLibrary(const Program &P, StringRef Name) {
  std::vector<std::string> Folders = P.Dynamic.SearchPath;
  readLinkerConfiguration("/etc/ld.so.conf", Folders);
  for (const char *Folder :
       {"/lib/x86_64-linux-gnu", "/usr/lib/x86_64-linux-gnu", "/lib64",
        "/usr/lib64", "/lib", "/usr/lib", "/usr/local/lib"})
    Folders.push_back(Folder);
  if (Name.contains('/'))
    Folders = {""};
  for (const std::string &Folder : Folders) {
    SmallString<128> Path(Folder);
    sys::path::append(Path, Name);
    if (sys::fs::exists(Path))
      return Path.str().str();
  }
  return badInput(P.path(), "needs the shared library " + Name +
                                ", which is in none of its search paths; "
                                "install it or link the program with an rpath");
}

Error addArchiveNames(StringRef Path, StringSet<> &Names) {
  auto Buffer = MemoryBuffer::getFile(Path);
  if (!Buffer)
    return badInput(Path, Buffer.getError().message());
  if (!(*Buffer)->getBuffer().starts_with("!<arch>\n"))
    return Error::success();
  auto Archive = object::Archive::create((*Buffer)->getMemBufferRef());
  if (!Archive)
    return badInput(Path, toString(Archive.takeError()));
  for (const auto &Symbol : (*Archive)->symbols())
    Names.insert(Symbol.getName());
  return Error::success();
}

/// Files that every link of a C program takes in if needed, asked of clang.
Expected<std::vector<std::string>> staticParts(const Toolchain &Tools) {
  std::vector<std::string> Files;
  for (const char *Question :
       {"-print-libgcc-file-name", "-print-file-name=libc_nonshared.a",
        "-print-file-name=libgcc_s.so.1",
        "-print-file-name=ld-linux-x86-64.so.2"}) { // __tls_get_addr
    std::string Answer;
    if (Error E = Tools.run({Tools.Clang, Question}, &Answer))
      return std::move(E);
    StringRef Path = StringRef(Answer).trim();
    if (Path.contains('/') && sys::fs::exists(Path))
      Files.push_back(Path.str());
  }
  return Files;
}

/// Names that NEW's modules use and do not define.
StringSet<> undefinedNames(const Program &P) {
  StringSet<> Names, Defined;
  for (const auto &U : P.Units)
    for (const GlobalValue &G : U->M->global_values())
      if (!G.isDeclaration() && !G.hasLocalLinkage() &&
          !G.hasAvailableExternallyLinkage())
        Defined.insert(G.getName());
  for (const auto &U : P.Units)
    for (const GlobalValue &G : U->M->global_values()) {
      if (!G.isDeclarationForLinker() || G.use_empty() ||
          G.getName().starts_with("llvm.") ||
          G.getName().starts_with("upstare_"))
        continue;
      StringRef Name = GlobalValue::dropLLVMManglingEscape(G.getName());
      if (!Defined.contains(Name))
        Names.insert(Name);
    }
  return Names;
}

/// Whether OLD's instrumented code defines Name.
bool isInstrumented(const Program &P, StringRef Name) {
  uint64_t Key = upstare_key(Name.str().c_str());
  return P.Functions.count(Key) || P.Globals.count(Key);
}

} // namespace

Expected<ExternalSymbols> patchgen::findExternals(const Toolchain &Tools,
                                                  const Program &Old,
                                                  const Program &New,
                                                  const PatchPlan &Plan) {
  ExternalSymbols Result;
  StringSet<> Shared, Static;
  for (const std::string &Needed : New.Dynamic.Needed) {
    if (StringRef(sys::path::filename(Needed)).starts_with("libupstare.so"))
      continue;
    auto Path = findLibrary(New, Needed);
    if (!Path)
      return Path.takeError();
    Result.Libraries.push_back(*Path);
    auto Library = ElfFile::open(*Path);
    if (!Library)
      return Library.takeError();
    auto Names = (*Library)->exportedNames();
    if (!Names)
      return Names.takeError();
    for (const auto &Name : *Names)
      Shared.insert(Name.first());
  }
  auto Parts = staticParts(Tools);
  if (!Parts)
    return Parts.takeError();
  Result.Compiler = std::move(*Parts);
  for (const std::string &Archive : Result.Compiler)
    if (Error E = addArchiveNames(Archive, Static))
      return std::move(E);
  Static.insert("__dso_handle"); // every linked image has its own

  for (const auto &Entry : undefinedNames(New)) {
    StringRef Name = Entry.first();
    if (Static.contains(Name) ||
        Plan.OwnSections.count(sectionOfBound(Name).str()))
      continue;
    const ElfSymbol *InNew = New.nativeSymbol(Name);
    // Data of a shared library is copied into the program; code is not.
    if (!InNew || (Shared.contains(Name) && !InNew->IsFunction))
      continue;
    const ElfSymbol *InOld = Old.nativeSymbol(Name);
    if (!InOld || isInstrumented(Old, Name))
      return badInput(New.path(),
                      "'" + Name +
                          "' is defined by an object that is not "
                          "instrumented, and " +
                          (InOld ? "by an instrumented one in " : "not in ") +
                          Old.path() + "; compile that object with upstare-cc");
    if (InOld->IsThreadLocal)
      return badInput(New.path(), "'" + Name +
                                      "' is a thread-local variable of an "
                                      "object that is not instrumented; "
                                      "compile that object with upstare-cc");
    Result.Natives[Name.str()] = InOld->Address;
  }
  return Result;
}
