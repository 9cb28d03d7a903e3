//===- Toolchain.h - the programs and files around patchgen ------*- C++
//-*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Where are clang, lld, the headers and libupstare.so? Beside upstare-patchgen,
// as installed or in the build tree; the places known at build time come last.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_PATCHGEN_TOOLCHAIN_H
#define UPSTARE_PATCHGEN_TOOLCHAIN_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <string>
#include <vector>

namespace upstare::patchgen {

struct Toolchain {
  std::string Clang, Lld;
  std::string IncludeDir; // holds upstare/abi.h
  std::string Runtime;    // libupstare.so

  static llvm::Expected<Toolchain> find(const char *Argv0);
  /// Runs a program; an error names it and its exit status. Captures what it
  /// writes to stderr in Messages if given.
  llvm::Error run(llvm::ArrayRef<std::string> Command,
                  std::string *Messages = nullptr) const;
};

/// A folder for intermediate files, removed at the end unless kept.
class TempFolder {
public:
  static llvm::Expected<TempFolder> create(llvm::StringRef Keep);
  TempFolder(TempFolder &&Other);
  TempFolder &operator=(TempFolder &&) = delete;
  ~TempFolder();
  const std::string &path() const { return Path; }
  std::string file(const llvm::Twine &Name) const;

private:
  TempFolder(std::string Path, bool Remove)
      : Path(std::move(Path)), Remove(Remove) {}
  std::string Path;
  bool Remove;
};

/// Writes a file at once or not at all.
llvm::Error writeFile(llvm::StringRef Path, llvm::StringRef Contents);

} // namespace upstare::patchgen

#endif // UPSTARE_PATCHGEN_TOOLCHAIN_H
