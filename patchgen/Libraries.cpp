//===- Libraries.cpp - the shared libraries of a program ------------------===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which shared libraries does a program load, from which files? As the dynamic
// linker does it: level by level along DT_NEEDED; each name is looked for in
// DT_RPATH of the file and of those that led to it (unless it has DT_RUNPATH),
// LD_LIBRARY_PATH, DT_RUNPATH, and the folders of the system.
//
//===----------------------------------------------------------------------===//

#include "Libraries.h"
#include "Problems.h"
#include "upstare/abi.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include <set>

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

/// LD_LIBRARY_PATH, and what comes after all that a file says.
std::vector<std::string> foldersOfUser() {
  std::vector<std::string> Folders;
  const char *Text = getenv("LD_LIBRARY_PATH");
  SmallVector<StringRef, 4> Parts;
  StringRef(Text ? Text : "").split(Parts, ':', -1, /*KeepEmpty=*/false);
  for (StringRef Part : Parts)
    Folders.push_back(Part.str());
  return Folders;
}

std::vector<std::string> foldersOfSystem() {
  std::vector<std::string> Folders;
  readLinkerConfiguration("/etc/ld.so.conf", Folders);
  for (const char *Folder :
       {"/lib/x86_64-linux-gnu", "/usr/lib/x86_64-linux-gnu", "/lib64",
        "/usr/lib64", "/lib", "/usr/lib", "/usr/local/lib"})
    Folders.push_back(Folder);
  return Folders;
}

class Search {
public:
  explicit Search(const ElfFile &Program) : Program(Program) {}

  Error addGiven(const std::vector<std::string> &Paths);
  Error run();
  std::vector<Library> Result;

private:
  struct Asker {
    const ElfFile *File;
    bool Instrumented;
    bool AtStart;
    /// DT_RPATH of it and of what led to it.
    std::vector<std::string> RPath;
  };
  Error follow(const Asker &By);
  Error add(std::unique_ptr<ElfFile> File, StringRef Name, const Asker &By);
  Expected<std::unique_ptr<ElfFile>> find(StringRef Name, const Asker &By,
                                          const ElfFile::Dynamic &Dynamic);

  const ElfFile &Program;
  std::vector<std::string> User = foldersOfUser(), System = foldersOfSystem();
  /// By the names under which they are asked for.
  StringMap<std::unique_ptr<ElfFile>> Given;
  std::vector<std::string> GivenOrder;
  StringMap<size_t> Known; // index in Result
  std::vector<Asker> Queue;
};

Error Search::addGiven(const std::vector<std::string> &Paths) {
  for (const std::string &Path : Paths) {
    auto File = ElfFile::open(Path);
    if (!File)
      return File.takeError();
    auto Dynamic = (*File)->dynamic();
    if (!Dynamic)
      return Dynamic.takeError();
    std::string Name = Dynamic->SoName.empty() ? sys::path::filename(Path).str()
                                               : Dynamic->SoName;
    if (!Given.try_emplace(Name, std::move(*File)).second)
      return badInput(Path, "two libraries with the name " + Name +
                                " are given; a process has one");
    GivenOrder.push_back(Name);
  }
  return Error::success();
}

Expected<std::unique_ptr<ElfFile>>
Search::find(StringRef Name, const Asker &By, const ElfFile::Dynamic &Dynamic) {
  for (StringRef Key : {Name, sys::path::filename(Name)})
    if (auto It = Given.find(Key); It != Given.end() && It->second)
      return std::move(It->second);
  std::vector<std::string> Folders;
  if (Name.contains('/')) {
    Folders = {""};
  } else {
    if (Dynamic.RunPath.empty())
      Folders = By.RPath;
    llvm::append_range(Folders, User);
    llvm::append_range(Folders, Dynamic.RunPath);
    llvm::append_range(Folders, System);
  }
  for (const std::string &Folder : Folders) {
    SmallString<128> Path(Folder);
    sys::path::append(Path, Name);
    if (!sys::fs::exists(Path))
      continue;
    auto File = ElfFile::open(Path);
    if (File)
      return File;
    // A file for another machine is passed over.
    consumeError(File.takeError());
  }
  return badInput(By.File->path(),
                  "needs the shared library " + Name +
                      ", which is in none of its search paths; install it, "
                      "link with an rpath, or name it by --old-library FILE "
                      "or --new-library FILE");
}

Error Search::add(std::unique_ptr<ElfFile> File, StringRef Name,
                  const Asker &By) {
  auto Section = File->section(UPSTARE_BLOB_SECTION);
  if (!Section)
    return Section.takeError();
  Library L;
  L.AtStart = By.AtStart;
  L.Direct = By.Instrumented;
  L.Instrumented = StringRef(reinterpret_cast<const char *>(Section->data()),
                             Section->size())
                       .contains(UPSTARE_BLOB_MAGIC);
  if (!L.Instrumented) {
    auto Symbols = File->dynamicSymbols();
    if (!Symbols)
      return Symbols.takeError();
    if (Symbols->contains(UPSTARE_ABI_SYMBOL_NAME))
      return badInput(File->path(),
                      "was built with upstare-cc, but holds no "
                      "section " UPSTARE_BLOB_SECTION
                      ": give the file as it was before strip (by "
                      "--old-library FILE or --new-library FILE; the running "
                      "copy may be stripped)");
  }
  L.File = std::move(File);
  L.Name = Name.str();
  Queue.push_back({L.File.get(), L.Instrumented, L.AtStart, By.RPath});
  Known[Name] = Result.size();
  Result.push_back(std::move(L));
  return Error::success();
}

Error Search::follow(const Asker &By) {
  auto Dynamic = By.File->dynamic();
  if (!Dynamic)
    return Dynamic.takeError();
  Asker Here = By;
  Here.RPath = Dynamic->RPath;
  llvm::append_range(Here.RPath, By.RPath);
  for (const std::string &Name : Dynamic->Needed) {
    if (StringRef(sys::path::filename(Name)).starts_with("libupstare.so"))
      continue;
    if (auto It = Known.find(Name); It != Known.end()) {
      Result[It->second].Direct |= By.Instrumented;
      continue;
    }
    auto File = find(Name, Here, *Dynamic);
    if (!File)
      return File.takeError();
    if (Error E = add(std::move(*File), Name, Here))
      return E;
  }
  return Error::success();
}

Error Search::run() {
  Queue.push_back({&Program, true, true, {}});
  size_t Next = 0;
  auto drain = [&]() -> Error {
    for (; Next != Queue.size(); ++Next) {
      Asker By = Queue[Next];
      if (Error E = follow(By))
        return E;
    }
    return Error::success();
  };
  if (Error E = drain())
    return E;
  for (const std::string &Name : GivenOrder) {
    std::unique_ptr<ElfFile> &File = Given[Name];
    if (!File)
      continue; // asked for by then
    std::string Path = File->path();
    if (Error E = add(std::move(File), Name, {&Program, false, false, {}}))
      return E;
    if (!Result.back().Instrumented)
      return badInput(Path, "holds no code that upstare-cc compiled, and is "
                            "not a library that the program needs; leave it "
                            "out, or build it with upstare-cc");
    if (Error E = drain())
      return E;
  }
  return Error::success();
}

} // namespace

Expected<std::vector<Library>>
patchgen::findLibraries(const ElfFile &Program,
                        const std::vector<std::string> &Given) {
  Search S(Program);
  if (Error E = S.addGiven(Given))
    return std::move(E);
  if (Error E = S.run())
    return std::move(E);
  return std::move(S.Result);
}
