//===- TestPair.cpp - two versions, compiled and transformed ----*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// See TestPair.h.
//
//===----------------------------------------------------------------------===//

#include "TestPair.h"
#include "upstare/abi.h"
#include "upstare/upstare.h"
#include "llvm/Bitcode/BitcodeReader.h"
#include "llvm/Bitcode/BitcodeWriter.h"
#include "llvm/IR/DebugInfo.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Program.h"
#include <dlfcn.h>

using namespace llvm;

namespace upstare::patchgen {

static void write(const std::string &Path, StringRef Text) {
  std::error_code Error;
  raw_fd_ostream OS(Path, Error);
  ASSERT_FALSE(Error) << Error.message();
  OS << Text;
}

static void clang(std::vector<std::string> Arguments) {
  Arguments.insert(Arguments.begin(), UPSTARE_CLANG);
  std::vector<StringRef> Refs(Arguments.begin(), Arguments.end());
  std::string Message;
  int Status = sys::ExecuteAndWait(UPSTARE_CLANG, Refs, std::nullopt, {}, 0, 0,
                                   &Message);
  ASSERT_EQ(Status, 0) << Message << join(Refs, " ");
}

TestPair::TestPair(StringRef Old, StringRef New) {
  EXPECT_FALSE(sys::fs::createUniqueDirectory("upstare-unit", Folder));
  OldModule = compile("old", Old, OldContext);
  NewModule = compile("new", New, NewContext);
  T.addModule(Version::Old, *OldModule);
  T.addModule(Version::New, *NewModule);
  T.setWords({{"*", "*", UPSTARE_WORD_FORWARD}});
}

TestPair::~TestPair() {
  if (Library)
    dlclose(Library);
  if (!::testing::Test::HasFailure())
    sys::fs::remove_directories(Folder);
}

std::string TestPair::path(StringRef Name) const {
  return (Folder + "/" + Name).str();
}

std::unique_ptr<Module> TestPair::compile(StringRef Name, StringRef Source,
                                          LLVMContext &Context) {
  std::string Base = path(Name);
  write(Base + ".c", Source);
  clang({"-g", "-O0", "-c", "-emit-llvm", "-Wno-everything", "-fPIC", "-o",
         Base + ".bc", Base + ".c"});
  auto Buffer =
      cantFail(errorOrToExpected(MemoryBuffer::getFile(Base + ".bc")));
  return cantFail(parseBitcodeFile(Buffer->getMemBufferRef(), Context));
}

void TestPair::addGlobals() {
  for (GlobalVariable &New : NewModule->globals()) {
    GlobalVariable *Old = OldModule->getNamedGlobal(New.getName());
    if (!Old || Old->isDeclaration() || New.isDeclaration() ||
        New.getName().starts_with("."))
      continue;
    GlobalPair Pair;
    Pair.Name = New.getName();
    Pair.Old = Old;
    Pair.New = &New;
    Pair.Symbol = "new." + Pair.Name;
    Pair.OldSymbol = "old." + Pair.Name;
    Pair.KeepInitializer = New.isConstant();
    // What stays is in its old storage.
    if (!Pair.KeepInitializer && T.sameType(*Old, New))
      Pair.Symbol = Pair.OldSymbol;
    if (T.addGlobal(Pair))
      Moving.insert(New.getName());
  }
}

void TestPair::writeObject(Module &M, StringRef Prefix) {
  for (GlobalVariable &G : M.globals()) {
    if (G.isDeclaration() || G.getName().starts_with("."))
      continue;
    bool Stays = Prefix == "new" && !Moving.contains(G.getName()) &&
                 OldModule->getNamedGlobal(("old." + G.getName()).str());
    G.setLinkage(GlobalValue::ExternalLinkage);
    if (Stays) { // bound
      G.setInitializer(nullptr);
      G.setDSOLocal(false);
      G.setName("old." + G.getName());
    } else {
      G.setName(Prefix + "." + G.getName());
    }
  }
  for (Function &F : M)
    if (!F.isDeclaration() && Prefix == "old")
      F.setName("old." + F.getName());
  std::error_code Error;
  raw_fd_ostream OS(path(Prefix) + ".out.bc", Error);
  WriteBitcodeToFile(M, OS);
}

void TestPair::build() {
  T.finish(Found);
  std::string Text;
  raw_string_ostream OS(Text);
  T.emitHeader(OS);
  write(path("generated.h"), Text);
  Text.clear();
  T.emitDefaults(OS, /*Weak=*/true, "generated.h");
  T.emitMaps(OS);
  write(path("generated.c"), Text);
  write(path("extra.c"), Extra);
  writeObject(*OldModule, "old");
  writeObject(*NewModule, "new");
  auto Quoted = [&](StringRef Name) { return "\"" + path(Name) + "\""; };
  clang({"-O2", "-fPIC", "-g", "-Wall", "-Werror", "-Wno-unused-function",
         "-Wno-unused-const-variable", "-c", "-I", UPSTARE_INCLUDE, "-o",
         path("generated.o"), "-DGENERATED=" + Quoted("generated.c"),
         "-DEXTRA=" + Quoted("extra.c"),
         "-DMOVED=" + std::to_string(T.movedCount()),
         "-DVISITED=" + std::to_string(T.visitedCount()),
         "-DUNTYPED=" + std::to_string(T.untypedCount()), UPSTARE_HARNESS});
  clang({"-shared", "-fPIC", "-Wno-override-module", "-Wl,-Bsymbolic", "-o",
         path("pair.so"), path("generated.o"), path("old.out.bc"),
         path("new.out.bc")});
  Library = dlopen(path("pair.so").c_str(), RTLD_NOW | RTLD_LOCAL);
  ASSERT_NE(Library, nullptr) << dlerror();
}

void TestPair::checkHeaderIsCxx() {
  clang({"-x", "c++", "-Wall", "-Werror", "-Wno-return-type-c-linkage",
         "-fsyntax-only", "-I", UPSTARE_INCLUDE, path("generated.h")});
}

int TestPair::call(const char *Function) {
  if (!Library)
    return -1;
  auto *F = reinterpret_cast<int (*)()>(dlsym(Library, Function));
  return F ? F() : -2;
}

int TestPair::run() {
  call("test_update");
  return call("check");
}

std::string TestPair::failure() {
  auto *F = reinterpret_cast<const char *(*)()>(dlsym(Library, "test_failure"));
  return F();
}

std::string TestPair::text() const {
  std::string Text;
  raw_string_ostream OS(Text);
  T.emitHeader(OS);
  T.emitDefaults(OS, /*Weak=*/false, "");
  return OS.str();
}

std::unique_ptr<FunctionShape>
TestPair::shape(Version V, StringRef Name, std::vector<std::string> Pinned) {
  Function *F = module(V).getFunction(Name);
  auto Shape = std::make_unique<FunctionShape>();
  Shape->F = F;
  Shape->Name = Name.str();
  Shape->Key = upstare_key(Shape->Name.c_str());
  Shape->File = V == Version::Old ? "old.c" : "new.c";
  Shape->Line = F->getSubprogram()->getLine();
  const DataLayout &DL = module(V).getDataLayout();
  uint64_t Offset = sizeof(struct upstare_frame);
  auto Add = [&](const DILocalVariable *Variable, AllocaInst &A) {
    Member M;
    M.Name = Variable->getName().str();
    M.Variable = Variable;
    M.Line = Variable->getLine();
    M.ValueType = A.getAllocatedType();
    M.Size = DL.getTypeAllocSize(M.ValueType);
    if (is_contained(Pinned, M.Name))
      M.Kind = MemberKind::Pinned;
    bool IsPinned = M.Kind == MemberKind::Pinned;
    M.Offset = alignTo(
        Offset, IsPinned ? 8
                         : std::min<uint64_t>(
                               16, DL.getABITypeAlign(M.ValueType).value()));
    Offset = M.Offset + (IsPinned ? 8 : M.Size);
    Shape->Members.push_back(std::move(M));
  };
  for (Instruction &I : instructions(*F))
    if (auto *A = dyn_cast<AllocaInst>(&I)) {
      for (DbgVariableRecord *R : findDVRDeclares(A))
        Add(R->getVariable(), *A);
      for (DbgDeclareInst *D : findDbgDeclares(A))
        Add(D->getVariable(), *A);
    }
  Shape->RecordSize = alignTo(Offset, UPSTARE_FRAME_ALIGN);
  Point P;
  P.Live.resize(Shape->Members.size(), true);
  Shape->Points.push_back(std::move(P));
  return Shape;
}

} // namespace upstare::patchgen
