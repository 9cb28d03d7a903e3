//===- Extract.h - an instrumented program, taken apart ----------*- C++
//-*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What does a program hold, that is, the linked program and its instrumented
// shared libraries: the modules as they were before instrumentation, the
// addresses that the linker gave to their functions and globals, and where
// instrumented code lies.
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

/// A linked file with instrumented code.
struct Image {
  std::unique_ptr<ElfFile> File;
  std::array<uint8_t, 20> BuildId;
  ElfFile::Dynamic Dynamic;
  std::vector<ElfSymbol> Symbols;
  llvm::StringMap<DynamicSymbol> Exports; // and what it asks others for
  /// Link-time addresses by key; 0 if the linker or the optimiser dropped it.
  std::map<uint64_t, uint64_t> FunctionAddress, GlobalAddress, LiteralAddress;
  /// Where things without a name (literals) begin.
  std::set<uint64_t> UnnamedAddresses;
  /// Names of its that an uninstrumented library before it defines too, and
  /// the path of that library.
  llvm::StringMap<std::string> Hidden;
  /// Loaded with the program, not by dlopen.
  bool AtStart = true;

  const std::string &path() const { return File->path(); }
  std::string name() const;
  bool exports(llvm::StringRef Name) const;
};

/// One stored module. The context comes first: it must outlive the module.
struct Unit {
  std::unique_ptr<llvm::LLVMContext> Context;
  std::unique_ptr<llvm::Module> M;
  Options Opts;
  unsigned Image = 0; // index in Program::Images
  /// Of the shapes that the compiler derived (digestOf()).
  uint64_t Digest = 0;
  /// Normalised absolute path of the source file.
  std::string SourcePath;
  /// What LLVM and the stages complained of.
  std::string Errors;
  /// Filled by the early stage (Instrument.h).
  ModuleShape Shapes;
  /// Globals that others took the place of (BindGlobals.cpp).
  std::vector<std::unique_ptr<llvm::GlobalVariable>> Replaced;
};

/// A function definition that the program uses.
struct FunctionDef {
  llvm::Function *F = nullptr;
  Unit *Owner = nullptr;
  uint64_t Key = 0;
  std::string Name;   // in the source: linkage name
  unsigned Image = 0; // that the address is in
  uint64_t Address = 0;
  FunctionShape *Shape = nullptr; // after the early stage
  bool AddressTaken = false;      // in the modules as stored, or see HeldBy
  /// Who looks it up by name: "by libplain.so"; "": nobody that is known.
  std::string HeldBy;
  uint64_t Fingerprint = 0; // of the code as stored
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
  /// That the address is in: the program, for a variable copied into it.
  unsigned Image = 0;
  uint64_t Address = 0;
  bool Local = false;
};

struct CodeRange {
  unsigned Image;
  uint64_t Address, Size;
};

/// Whether one of Ranges, which are sorted, holds that address.
bool isIn(const std::vector<CodeRange> &Ranges, unsigned Image,
          uint64_t Address);

/// A symbol that something other than the stored modules defines.
struct NativeSymbol {
  unsigned Image = 0;
  const ElfSymbol *Symbol = nullptr;
};

struct LiteralDef {
  unsigned Image = 0;
  uint64_t Address = 0; // 0: the linker or the optimiser dropped it
  uint64_t Size = 0;
};

/// An uninstrumented library that an image asks for.
struct PlainLibrary {
  std::string Path;
  /// By which the dynamic linker knows a loaded one: its soname, or without one
  /// what the image asks for.
  std::string Name;
  bool HasSoName;
};

struct Program {
  /// The program, then its instrumented libraries in load order.
  std::vector<std::unique_ptr<Image>> Images;
  /// In load order.
  std::vector<PlainLibrary> PlainLibraries;
  /// Names that uninstrumented libraries ask others for, and who does.
  llvm::StringMap<std::string> AskedByPlain;
  std::vector<std::unique_ptr<Unit>> Units;
  /// The definitions that won, by key.
  std::map<uint64_t, FunctionDef> Functions;
  std::map<uint64_t, GlobalDef> Globals;
  /// String literals whose address may matter, by key (Literals.h).
  std::map<uint64_t, LiteralDef> Literals;
  /// Names that other files may use, and the key of what they stand for.
  std::map<std::string, uint64_t> FunctionAliases, VariableAliases;

  const std::string &path() const { return Images[0]->path(); }
  /// What the version is called: the program's build id, or a hash of all.
  std::array<uint8_t, 20> versionId() const;
  /// Instrumented code, sorted by image and address, disjoint.
  std::vector<CodeRange> codeRanges() const;
};

/// Opens a program and its libraries, and reads everything above, except for
/// the shapes.
/// The function whose part a symbol is: "f" of "f.cold", "f.specialized.1" and
/// "f.__part.2", which the code generator or an interprocedural pass made.
llvm::StringRef functionOfPart(llvm::StringRef Symbol);

llvm::Expected<std::unique_ptr<Program>>
extract(llvm::StringRef Path, const std::vector<std::string> &Libraries);

} // namespace upstare::patchgen

#endif // UPSTARE_PATCHGEN_EXTRACT_H
