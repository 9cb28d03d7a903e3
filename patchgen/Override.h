//===- Override.h - the user's override file ---------------------*- C++
//-*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What did the user write: which functions, which continuation points and names
// are mapped by hand? The file is compiled against the generated header and
// read as IR.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_PATCHGEN_OVERRIDE_H
#define UPSTARE_PATCHGEN_OVERRIDE_H

#include "EmitWords.h"
#include "Toolchain.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include <memory>
#include <string>
#include <vector>

namespace upstare::patchgen {

struct OverrideFile {
  struct PointEntry {
    std::string Function; // in OLD, perhaps "file.c:name"
    unsigned Old = 0, New = 0;
  };
  struct RenameEntry {
    std::string Old, New;
  };
  struct KeepEntry {
    std::string Function; // in OLD, perhaps "file.c:name"
    bool NeverCalled = false;
  };
  /// As PointEntry::New: the point stays without counterpart, knowingly.
  static constexpr unsigned NoPoint = ~0u;

  std::string Path; // "" : there is none
  llvm::StringSet<> Defined;
  std::vector<PointEntry> Points;
  std::vector<RenameEntry> Renames;
  std::vector<KeepEntry> Keep;
  std::vector<WordRow> Words;
  std::unique_ptr<llvm::LLVMContext> Context;
  std::unique_ptr<llvm::Module> M;
};

/// Reads upstare_renames alone, by which the header is made that the rest of
/// the file needs to compile.
llvm::Error readRenames(OverrideFile &File, const Toolchain &Tools,
                        llvm::StringRef Path, llvm::StringRef TempDir);

/// Compiles the file at Path, with Header included first; the compiler's
/// messages go to stderr.
llvm::Expected<OverrideFile> readOverride(const Toolchain &Tools,
                                          llvm::StringRef Path,
                                          llvm::StringRef Header,
                                          llvm::StringRef TempDir);

} // namespace upstare::patchgen

#endif // UPSTARE_PATCHGEN_OVERRIDE_H
