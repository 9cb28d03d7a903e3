//===- Link.cpp - objects into a patch ------------------------------------===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// How is the patch linked?
//
//===----------------------------------------------------------------------===//

#include "Link.h"
#include "Problems.h"
#include "upstare/abi.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace llvm;
using namespace upstare;
using namespace upstare::patchgen;

/// A shared object that defines the bound symbols, at no particular address. A
/// linker script does: nothing of it is ever loaded.
static Expected<std::string> makeBinderStub(const Toolchain &Tools,
                                            const TempFolder &Temp,
                                            const LinkJob &Job) {
  std::string Script;
  for (const std::string &Symbol : Job.Binds)
    Script += "\"" + Symbol + "\" = 0;\n";
  std::string ScriptPath = Temp.file("binder.ld");
  std::string Stub = Temp.file("binder.so");
  if (Error E = writeFile(ScriptPath, Script))
    return std::move(E);
  std::vector<std::string> Command = {Tools.Lld, "-m",      "elf_x86_64",
                                      "-shared", "-soname", Job.BinderName,
                                      "-o",      Stub,      ScriptPath};
  if (Error E = Tools.run(Command))
    return std::move(E);
  return Stub;
}

/// What the linker says of undefined symbols, in terms of the user's program.
static Error explain(StringRef Messages, Error E) {
  StringSet<> Undefined;
  SmallVector<StringRef, 16> Lines;
  Messages.split(Lines, '\n');
  for (StringRef Line : Lines) {
    auto [Before, Name] = Line.split("undefined symbol: ");
    if (!Name.empty())
      Undefined.insert(Name.trim());
    auto [Before2, Hidden] = Line.split("undefined hidden symbol: ");
    if (!Hidden.empty())
      Undefined.insert(Hidden.trim());
  }
  if (Undefined.empty())
    return joinErrors(badInput("linking the patch", Messages), std::move(E));
  consumeError(std::move(E));
  std::vector<std::string> Names;
  for (const auto &Entry : Undefined)
    Names.push_back(Entry.first().str());
  llvm::sort(Names);
  return badInput("linking the patch",
                  "undefined symbols: " + join(Names, ", ") +
                      "; they are in none of the program's instrumented "
                      "objects and shared libraries. Compile what defines them "
                      "with upstare-cc, or define them in the override file");
}

Error patchgen::compileGlue(const Toolchain &Tools, StringRef Source,
                            StringRef Object) {
  std::string Messages;
  if (Error E =
          Tools.run({Tools.Clang, "-O2", "-fPIC", "-g0", "-w",
                     "-fvisibility=hidden", "-fno-strict-aliasing", "-I",
                     Tools.IncludeDir, "-c", Source.str(), "-o", Object.str()},
                    &Messages))
    return joinErrors(badInput(Source, "internal error: generated code does "
                                       "not compile (please report this): " +
                                           Messages),
                      std::move(E));
  return Error::success();
}

/// Writes the digest of the file into its header.
static Error seal(StringRef Path) {
  auto File = ElfFile::open(Path);
  if (!File)
    return File.takeError();
  auto Header = (*File)->section(UPSTARE_PATCH_SECTION);
  if (!Header)
    return Header.takeError();
  uint64_t At = (*File)->offsetOf(*Header) +
                offsetof(struct upstare_patch_header, digest);
  int Fd = -1;
  if (auto EC = sys::fs::openFileForReadWrite(
          Path, Fd, sys::fs::CD_OpenExisting, sys::fs::OF_None))
    return badInput(Path, EC.message());
  auto Bytes = MemoryBuffer::getFile(Path);
  if (!Bytes)
    return badInput(Path, Bytes.getError().message());
  uint64_t Digest = upstare_digest(
      reinterpret_cast<const unsigned char *>((*Bytes)->getBufferStart()),
      (*Bytes)->getBufferSize(), At);
  raw_fd_ostream OS(Fd, /*shouldClose=*/true);
  OS.pwrite(reinterpret_cast<const char *>(&Digest), sizeof(Digest), At);
  OS.flush();
  std::error_code EC = OS.error();
  OS.clear_error();
  return EC ? badInput(Path, EC.message()) : Error::success();
}

/// Arguments that link with the libraries. The linker asks for a file without
/// soname by what follows "-l:".
static Expected<std::vector<std::string>>
linkableLibraries(const ExternalSymbols &Externals, const TempFolder &Temp) {
  std::string Folder = Temp.file("libraries");
  if (auto EC = sys::fs::create_directories(Folder))
    return badInput(Folder, EC.message());
  std::vector<std::string> Arguments = {"-L" + Folder};
  for (const AskedLibrary &L : Externals.Libraries) {
    if (L.Name.empty()) {
      Arguments.push_back(L.File);
      continue;
    }
    SmallString<128> Link(Folder);
    sys::path::append(Link, L.Name);
    // One of a run before may be there, in a folder that is kept.
    std::error_code EC = sys::fs::remove(Link);
    if (!EC)
      EC = sys::fs::create_link(L.File, Link);
    if (EC)
      return badInput(Link, EC.message());
    Arguments.push_back("-l:" + L.Name);
  }
  return Arguments;
}

Error patchgen::linkPatch(const Toolchain &Tools,
                          const ExternalSymbols &Externals,
                          const TempFolder &Temp, const LinkJob &Job) {
  // The file is replaced as a whole; a device must not be.
  if (sys::fs::exists(Job.Output) && !sys::fs::is_regular_file(Job.Output))
    return badInput(Job.Output, "is not a regular file; a patch cannot be "
                                "written there");
  auto Stub = makeBinderStub(Tools, Temp, Job);
  if (!Stub)
    return Stub.takeError();
  std::string Exports = Temp.file("exports.map");
  if (Error E = writeFile(Exports, "{ global: " UPSTARE_PATCH_SYMBOL_NAME
                                   "; local: *; };\n"))
    return E;
  SmallString<128> Unfinished;
  if (auto EC = sys::fs::createUniqueFile(Job.Output + ".%%%%%%", Unfinished))
    return badInput(Job.Output, EC.message());
  std::vector<std::string> Command = {Tools.Lld,
                                      "-m",
                                      "elf_x86_64",
                                      "-shared",
                                      "-Bsymbolic",
                                      "--build-id=sha1",
                                      "--eh-frame-hdr",
                                      "--hash-style=gnu",
                                      "--no-undefined",
                                      "-z",
                                      "now",
                                      "-z",
                                      "relro",
                                      "-z",
                                      "noexecstack",
                                      "-z",
                                      "keep-text-section-prefix",
                                      "--version-script=" + Exports,
                                      "-o",
                                      Unfinished.str().str()};
  llvm::append_range(Command, Job.Objects);
  Command.push_back(*Stub);
  auto Libraries = linkableLibraries(Externals, Temp);
  if (!Libraries)
    return Libraries.takeError();
  llvm::append_range(Command, *Libraries);
  for (const std::string &Folder : Externals.Folders)
    Command.push_back("--rpath=" + Folder);
  Command.push_back(Tools.Runtime);
  Command.push_back("--as-needed");
  llvm::append_range(Command, Externals.Compiler);
  std::string Messages;
  if (Error E = Tools.run(Command, &Messages)) {
    (void)sys::fs::remove(Unfinished);
    return explain(Messages, std::move(E));
  }
  if (Error E = seal(Unfinished)) {
    (void)sys::fs::remove(Unfinished);
    return E;
  }
  // The runtime refuses patches that others could have written to.
  std::error_code EC =
      sys::fs::setPermissions(Unfinished, static_cast<sys::fs::perms>(0755));
  if (!EC)
    EC = sys::fs::rename(Unfinished, Job.Output);
  if (EC) {
    (void)sys::fs::remove(Unfinished);
    return badInput(Job.Output, EC.message());
  }
  return Error::success();
}
