//===- TestPair.h - two versions, compiled and transformed ------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The fixture of these tests: OLD and NEW as C sources, whose globals become
// symbols old.<name> and new.<name> of one shared object, together with the
// generated text and Harness.c.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_UNIT_TESTPAIR_H
#define UPSTARE_UNIT_TESTPAIR_H

#include "CTypes.h"
#include "EmitTables.h"
#include "Transformers.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "gtest/gtest.h"
#include <memory>

namespace upstare::patchgen {

class TestPair {
public:
  TestPair(llvm::StringRef Old, llvm::StringRef New);
  ~TestPair();

  /// All globals that both define; true if `Name` moves.
  void addGlobals();
  bool moves(llvm::StringRef Name) const { return Moving.contains(Name); }
  /// Code that is compiled after the generated text.
  void setExtra(llvm::StringRef Code) { Extra = Code.str(); }
  /// finish(), then compile and load. Compiler messages fail the test.
  void build();
  /// Override files may be C++.
  void checkHeaderIsCxx();
  /// Runs the update, then `int check(void)` of NEW: 0 or a line of it.
  int run();
  /// Runs a function of the shared object that returns int.
  int call(const char *Function);
  std::string failure();
  /// The generated header and defaults.
  std::string text() const;

  /// A shape with one member per local and parameter of F, by value unless
  /// named in Pinned. Point 0 has all of them live.
  std::unique_ptr<FunctionShape> shape(Version V, llvm::StringRef F,
                                       std::vector<std::string> Pinned = {});

  llvm::Module &module(Version V) {
    return *(V == Version::Old ? OldModule : NewModule);
  }

  Transformers T;
  Problems Found;

private:
  std::unique_ptr<llvm::Module> compile(llvm::StringRef Name,
                                        llvm::StringRef Source,
                                        llvm::LLVMContext &Context);
  std::string path(llvm::StringRef Name) const;
  void writeObject(llvm::Module &M, llvm::StringRef Prefix);

  llvm::SmallString<64> Folder;
  llvm::LLVMContext OldContext, NewContext;
  std::unique_ptr<llvm::Module> OldModule, NewModule;
  llvm::StringSet<> Moving;
  std::string Extra;
  void *Library = nullptr;
};

/// The lines that `check` functions use.
#define CHECK_START                                                            \
  "#include <stdint.h>\n#include <string.h>\n"                                 \
  "const char *test_failure(void);\n"                                          \
  "uint64_t test_map(const char *, uint64_t, uint64_t);\n"                     \
  "#define EXPECT(c) do { if (!(c)) return __LINE__; } while (0)\n"            \
  "#line 1\n"

} // namespace upstare::patchgen

#endif // UPSTARE_UNIT_TESTPAIR_H
