//===- ElfFile.h - a linked program as a file --------------------*- C++
//-*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What does the linker's output say: build id, symbols, needed shared
// libraries, and the bytes of one section. Knows nothing of UpStare.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_PATCHGEN_ELFFILE_H
#define UPSTARE_PATCHGEN_ELFFILE_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Object/ELFObjectFile.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBuffer.h"
#include <array>
#include <memory>
#include <string>
#include <vector>

namespace upstare::patchgen {

struct ElfSymbol {
  std::string Name; // without "@version"
  uint64_t Address = 0;
  uint64_t Size = 0;
  bool IsFunction = false;
  bool IsLocal = false;
  bool IsWeak = false;
  bool IsThreadLocal = false;
  bool IsCode = false; // in an executable section, whatever its type
};

struct DynamicSymbol {
  uint64_t Address = 0;
  bool IsDefined = false;
  bool IsFunction = false;
  bool IsProtected = false;
  /// A relocation of this file refers to it by name.
  bool IsRelocated = false;
  /// The program's copy of a library's variable.
  bool IsCopy = false;
};

class ElfFile {
public:
  /// Opens a 64-bit x86-64 ELF executable or shared object.
  static llvm::Expected<std::unique_ptr<ElfFile>> open(llvm::StringRef Path);

  const std::string &path() const { return Path; }
  /// The SHA-1 build id; an error with the remedy if there is none.
  llvm::Expected<std::array<uint8_t, 20>> buildId() const;
  /// Contents of a section; empty if the file has none of that name.
  llvm::Expected<llvm::ArrayRef<uint8_t>> section(llvm::StringRef Name) const;
  struct Section {
    std::string Name;
    uint64_t Address;
  };
  /// Executable sections that hold something.
  llvm::Expected<std::vector<Section>> codeSections() const;
  /// Where in the file contents that section() gave begin.
  uint64_t offsetOf(llvm::ArrayRef<uint8_t> Contents) const;
  /// Defined symbols of .symtab; empty if the file is stripped.
  llvm::Expected<std::vector<ElfSymbol>> symbols() const;
  /// What the dynamic linker sees: .dynsym by name, with the relocations that
  /// name an entry.
  llvm::Expected<llvm::StringMap<DynamicSymbol>> dynamicSymbols() const;

  struct Dynamic {
    std::vector<std::string> Needed;
    /// Folders of DT_RPATH and DT_RUNPATH, without $ORIGIN.
    std::vector<std::string> RPath, RunPath;
    std::string SoName;
    bool IsSymbolic = false; // it prefers its own definitions
  };
  llvm::Expected<Dynamic> dynamic() const;

private:
  ElfFile() = default;
  /// The folder that $ORIGIN stands for.
  llvm::Expected<std::string> origin() const;
  std::string Path;
  std::unique_ptr<llvm::MemoryBuffer> Buffer;
  std::unique_ptr<llvm::object::ELF64LEObjectFile> Object;
};

} // namespace upstare::patchgen

#endif // UPSTARE_PATCHGEN_ELFFILE_H
