//===- Toolchain.cpp - the programs and files around patchgen -------------===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Where are clang, lld, the headers and libupstare.so?
//
//===----------------------------------------------------------------------===//

#include "Toolchain.h"
#include "Problems.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FileUtilities.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace upstare;
using namespace upstare::patchgen;

/// The first of Candidates that exists.
static Expected<std::string> locate(StringRef What,
                                    ArrayRef<std::string> Candidates) {
  for (StringRef Candidate : Candidates) {
    if (sys::fs::exists(Candidate))
      return Candidate.str();
    if (!Candidate.contains('/'))
      if (auto Found = sys::findProgramByName(Candidate))
        return *Found;
  }
  return badInput("upstare-patchgen", "cannot find " + What + " (looked for " +
                                          join(Candidates, ", ") + ")");
}

Expected<Toolchain> Toolchain::find(const char *Argv0) {
  static int Anchor;
  SmallString<128> Root(sys::fs::getMainExecutable(Argv0, &Anchor));
  sys::path::remove_filename(Root);
  sys::path::remove_filename(Root);
  std::string Base = Root.str().str();

  Toolchain Tools;
  auto Clang = locate("clang 19", {UPSTARE_CLANG, "clang-19"});
  if (!Clang)
    return Clang.takeError();
  Tools.Clang = *Clang;
  auto Lld = locate("lld 19", {UPSTARE_LLD, "ld.lld-19"});
  if (!Lld)
    return Lld.takeError();
  Tools.Lld = *Lld;
  auto Header = locate("UpStare's headers", {Base + "/include/upstare/abi.h",
                                             UPSTARE_INCLUDE "/upstare/abi.h"});
  if (!Header)
    return Header.takeError();
  Tools.IncludeDir =
      sys::path::parent_path(sys::path::parent_path(*Header)).str();
  auto Runtime =
      locate("libupstare.so",
             {Base + "/" UPSTARE_LIBDIR "/libupstare.so",
              Base + "/lib/libupstare.so", Base + "/lib64/libupstare.so"});
  if (!Runtime)
    return Runtime.takeError();
  Tools.Runtime = *Runtime;
  return Tools;
}

Error Toolchain::run(ArrayRef<std::string> Command,
                     std::string *Messages) const {
  SmallVector<StringRef, 32> Arguments(Command.begin(), Command.end());
  SmallString<128> Log;
  if (Messages)
    if (auto EC = sys::fs::createTemporaryFile("upstare-patchgen", "log", Log))
      return badInput("upstare-patchgen", EC.message());
  std::optional<StringRef> Redirects[3] = {std::nullopt, std::nullopt,
                                           std::nullopt};
  if (Messages)
    Redirects[1] = Redirects[2] = StringRef(Log);
  std::string Why;
  int Status = sys::ExecuteAndWait(Command[0], Arguments, std::nullopt,
                                   Redirects, 0, 0, &Why);
  if (Messages) {
    if (auto Text = MemoryBuffer::getFile(Log))
      *Messages = (*Text)->getBuffer().str();
    (void)sys::fs::remove(Log);
  }
  if (Status == 0)
    return Error::success();
  return badInput(Command[0],
                  Why.empty() ? "failed with status " + std::to_string(Status)
                              : Why);
}

Expected<TempFolder> TempFolder::create(StringRef Keep) {
  if (!Keep.empty()) {
    if (auto EC = sys::fs::create_directories(Keep))
      return badInput(Keep, EC.message());
    return TempFolder(Keep.str(), /*Remove=*/false);
  }
  SmallString<128> Path;
  if (auto EC = sys::fs::createUniqueDirectory("upstare-patchgen", Path))
    return badInput("temporary folder", EC.message());
  return TempFolder(Path.str().str(), /*Remove=*/true);
}

TempFolder::TempFolder(TempFolder &&Other)
    : Path(std::move(Other.Path)), Remove(Other.Remove) {
  Other.Remove = false;
}

TempFolder::~TempFolder() {
  if (Remove)
    (void)sys::fs::remove_directories(Path);
}

std::string TempFolder::file(const Twine &Name) const {
  SmallString<128> Result(Path);
  sys::path::append(Result, Name);
  return Result.str().str();
}

Error patchgen::writeFile(StringRef Path, StringRef Contents) {
  if (Path == "-") {
    outs() << Contents;
    return Error::success();
  }
  // A link or a device (/dev/stdout) must not be replaced by a file.
  sys::fs::file_status Status;
  if (!sys::fs::status(Path, Status, /*Follow=*/false) &&
      !sys::fs::is_regular_file(Status)) {
    std::error_code EC;
    raw_fd_ostream OS(Path, EC);
    if (EC)
      return createFileError(Path, EC);
    OS << Contents;
    OS.flush();
    EC = OS.error();
    OS.clear_error();
    return EC ? createFileError(Path, EC) : Error::success();
  }
  return writeToOutput(Path, [&](raw_ostream &OS) {
    OS << Contents;
    return Error::success();
  });
}
