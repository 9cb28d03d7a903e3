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
#include "Definitions.h"
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

/// Names that NEW's modules use and do not define, and the images that do so.
StringMap<std::set<unsigned>> undefinedNames(const Program &P) {
  StringSet<> Defined;
  StringMap<std::set<unsigned>> Names;
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
        Names[Name].insert(U->Image);
    }
  return Names;
}

/// What Name means in NEW, the same in all images that use it.
Expected<NativeSymbol> nativeInNew(const Program &New, StringRef Name,
                                   const std::set<unsigned> &Users) {
  NativeSymbol Found = findNative(New, *Users.begin(), Name);
  for (unsigned User : drop_begin(Users))
    if (NativeSymbol Other = findNative(New, User, Name);
        Other.Symbol != Found.Symbol)
      return badInput(New.Images[User]->path(),
                      "'" + Name + "' is not what it is in " +
                          New.Images[*Users.begin()]->path() +
                          "; rename one (a patch holds each name once)");
  return Found;
}

/// "libx" of "libx.so.2": what versions of a library have in common.
StringRef stem(StringRef Name) { return Name.take_front(Name.find(".so")); }

/// The same object in OLD: in the image of the same name or at least of the
/// same stem, or wherever it is exported.
NativeSymbol nativeInOld(const Program &Old, const Program &New, unsigned Where,
                         StringRef Name) {
  unsigned Same = 0;
  for (unsigned I = 1; Where && I != Old.Images.size(); ++I) {
    std::string Before = Old.Images[I]->name(),
                After = New.Images[Where]->name();
    if (Before == After || (!Same && stem(Before) == stem(After)))
      Same = I;
    if (Before == After)
      break;
  }
  return findNative(Old, Same, Name);
}

/// Whether OLD's instrumented code defines Name.
bool isInstrumented(const Program &P, StringRef Name) {
  uint64_t Key = upstare_key(Name.str().c_str());
  return P.Functions.count(Key) || P.Globals.count(Key);
}

std::string absolutePath(StringRef Path) {
  SmallString<128> Absolute(Path);
  return sys::fs::make_absolute(Absolute) ? Path.str() : Absolute.str().str();
}

/// The process has OLD's libraries loaded. The dynamic linker knows them by
/// their sonames; without one, by what OLD asked for, or by the file.
AskedLibrary libraryToAskFor(const PlainLibrary &L, const Program &Old) {
  if (L.HasSoName)
    return {L.Path, ""};
  StringRef FileName = sys::path::filename(L.Name);
  if (FileName == L.Name)
    return {absolutePath(L.Path), L.Name};
  for (const PlainLibrary &Before : Old.PlainLibraries)
    if (sys::path::filename(Before.Name) == FileName)
      return {absolutePath(Before.Path), ""};
  return {absolutePath(L.Path), ""};
}

} // namespace

Expected<ExternalSymbols> patchgen::findExternals(const Toolchain &Tools,
                                                  const Program &Old,
                                                  const Program &New,
                                                  const PatchPlan &Plan) {
  ExternalSymbols Result;
  StringSet<> Shared, Static;
  for (const PlainLibrary &L : New.PlainLibraries) {
    Result.Libraries.push_back(libraryToAskFor(L, Old));
    if (llvm::none_of(Old.PlainLibraries, [&](const PlainLibrary &Before) {
          return Before.Name == L.Name;
        }))
      Result.Folders.insert(sys::path::parent_path(absolutePath(L.Path)).str());
    auto Library = ElfFile::open(L.Path);
    if (!Library)
      return Library.takeError();
    auto Names = (*Library)->dynamicSymbols();
    if (!Names)
      return Names.takeError();
    for (const auto &Name : *Names)
      if (Name.second.IsDefined)
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
    auto Native = nativeInNew(New, Name, Entry.second);
    if (!Native)
      return Native.takeError();
    const ElfSymbol *InNew = Native->Symbol;
    // Data of a shared library is copied into the program; code is not.
    if (!InNew || (Shared.contains(Name) && !InNew->IsFunction))
      continue;
    NativeSymbol Before = nativeInOld(Old, New, Native->Image, Name);
    const ElfSymbol *InOld = Before.Symbol;
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
    Result.Natives[Name.str()] = Before;
  }
  return Result;
}
