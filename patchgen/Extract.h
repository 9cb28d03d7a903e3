//===- Extract.h - an instrumented program, taken apart ----------*- C++
//-*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What does a linked program hold: the modules as they were before
// instrumentation, the addresses that the linker gave to their functions and
// globals, and where instrumented code lies.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_PATCHGEN_EXTRACT_H
#define UPSTARE_PATCHGEN_EXTRACT_H

#include "ElfFile.h"
#include "Options.h"
#include "Shape.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include <map>
#include <set>

namespace upstare::patchgen {

/// One stored module. The context comes first: it must outlive the module.
struct Unit {
  std::unique_ptr<llvm::LLVMContext> Context;
  std::unique_ptr<llvm::Module> M;
  Options Opts;
  /// Of the shapes that the compiler derived (digestOf()).
  uint64_t Digest = 0;
  /// Normalised absolute path of the source file.
  std::string SourcePath;
  /// What LLVM and the stages complained of.
  std::string Errors;
  /// Filled by the early stage (Instrument.h).
  ModuleShape Shapes;
};

/// A function definition that the program uses.
struct FunctionDef {
  llvm::Function *F = nullptr;
  Unit *Owner = nullptr;
  uint64_t Key = 0;
  std::string Name; // in the source: linkage name
  uint64_t Address = 0;
  FunctionShape *Shape = nullptr; // after the early stage
  bool AddressTaken = false;      // in the modules as stored
  uint64_t Fingerprint = 0;       // of the code as stored
  bool Local = false;
};

/// A global variable that the program defines in instrumented code.
/// The Address of a thread-local variable, which is an offset in the TLS
/// segment, is told from others (and from 0, none) by this.
constexpr uint64_t ThreadLocalBase = uint64_t(1) << 48;

struct GlobalDef {
  llvm::GlobalVariable *G = nullptr;
  Unit *Owner = nullptr;
  uint64_t Key = 0;
  std::string Name;
  uint64_t Address = 0;
  bool Local = false;
};

struct CodeRange {
  uint64_t Address, Size;
};

struct Program {
  std::unique_ptr<ElfFile> File;
  std::array<uint8_t, 20> BuildId;
  ElfFile::Dynamic Dynamic;
  std::vector<ElfSymbol> Symbols;
  std::vector<std::unique_ptr<Unit>> Units;
  /// Link-time addresses by key; 0 if the linker or the optimiser dropped it.
  std::map<uint64_t, uint64_t> FunctionAddress, GlobalAddress;
  /// The definitions that won, by key.
  std::map<uint64_t, FunctionDef> Functions;
  std::map<uint64_t, GlobalDef> Globals;
  /// Names that other files may use, and the key of what they stand for.
  std::map<std::string, uint64_t> FunctionAliases, VariableAliases;

  const std::string &path() const { return File->path(); }
  /// Instrumented code, sorted and disjoint.
  std::vector<CodeRange> codeRanges() const;
  /// The symbol that something other than the stored modules defines.
  const ElfSymbol *nativeSymbol(llvm::StringRef Name) const;
};

/// Opens a program and reads everything above, except for the shapes.
llvm::Expected<std::unique_ptr<Program>> extract(llvm::StringRef Path);

} // namespace upstare::patchgen

#endif // UPSTARE_PATCHGEN_EXTRACT_H
