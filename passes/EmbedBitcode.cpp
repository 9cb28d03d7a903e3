//===- EmbedBitcode.cpp - what patchgen reads back from a program -*- C++
//-*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The section is not loaded at run time; its relocations are resolved by the
// static linker. That the addresses of globals are taken in it has a second,
// wanted effect: the optimiser may not shrink, split or fold the storage of
// static variables, whose representation the next version must know.
//
//===----------------------------------------------------------------------===//

#include "EmbedBitcode.h"
#include "Names.h"
#include "upstare/abi.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Bitcode/BitcodeWriter.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/Transforms/Utils/ModuleUtils.h"
#include <set>
#include <tuple>

using namespace llvm;

namespace upstare {

SmallVector<char, 0> writeBitcode(const Module &M) {
  SmallVector<char, 0> Buffer;
  raw_svector_ostream OS(Buffer);
  WriteBitcodeToFile(M, OS);
  return Buffer;
}

static Constant *paddedBytes(LLVMContext &C, ArrayRef<char> Bytes) {
  SmallVector<char, 0> Padded(Bytes.begin(), Bytes.end());
  Padded.resize(alignTo(Bytes.size(), 8), 0);
  return ConstantDataArray::getString(
      C, StringRef(Padded.data(), Padded.size()), false);
}

using Symbol = std::pair<uint64_t, Constant *>;

static void embed(Module &M, upstare_blob_kind Kind, StringRef Options,
                  ArrayRef<char> Payload, ArrayRef<Symbol> Symbols) {
  LLVMContext &C = M.getContext();
  Type *I32 = Type::getInt32Ty(C), *I64 = Type::getInt64Ty(C);
  SmallVector<Constant *> Rows;
  StructType *Row = StructType::get(C, {I64, PointerType::getUnqual(C)}, true);
  for (const auto &[Key, Address] : Symbols)
    Rows.push_back(
        ConstantStruct::get(Row, {ConstantInt::get(I64, Key), Address}));
  Constant *Init = ConstantStruct::getAnon(
      {ConstantDataArray::getString(C, UPSTARE_BLOB_MAGIC, false),
       ConstantInt::get(I32, UPSTARE_ABI_VERSION), ConstantInt::get(I32, Kind),
       ConstantInt::get(I32, Options.size()),
       ConstantInt::get(I32, Symbols.size()),
       ConstantInt::get(I64, Payload.size()),
       paddedBytes(C, ArrayRef<char>(Options.data(), Options.size())),
       paddedBytes(C, Payload),
       ConstantArray::get(ArrayType::get(Row, Rows.size()), Rows)},
      /*Packed=*/true);
  auto *G =
      new GlobalVariable(M, Init->getType(), true, GlobalValue::PrivateLinkage,
                         Init, "upstare.blob");
  G->setSection(UPSTARE_BLOB_SECTION);
  G->setAlignment(Align(8));
  appendToCompilerUsed(M, {G});
}

/// Whether the linker can give the address of G: not if G is a local symbol of
/// a comdat group, which may be discarded.
static bool isListed(const GlobalObject &G) {
  return !G.isDeclaration() && !G.hasAvailableExternallyLinkage() &&
         !G.hasPrivateLinkage() && !(G.hasLocalLinkage() && G.hasComdat()) &&
         !G.isThreadLocal() && !G.getName().starts_with("llvm.") &&
         !G.getName().starts_with("__upstare_");
}

void embedModule(Module &M, ArrayRef<char> Bitcode, const Options &Opts,
                 const ModuleShape &Shapes) {
  SmallVector<Symbol> Symbols;
  for (GlobalVariable &G : M.globals())
    if (isListed(G))
      Symbols.emplace_back(keyOf(G), &G);
  std::string Text = Opts.str() + DigestKey + utohexstr(digestOf(Shapes));
  embed(M, UPSTARE_BLOB_MODULE, Text, Bitcode, Symbols);
}

/// What follows the last function of a section may be anything (code of another
/// compiler, the start of .fini), and must not begin before there is room for a
/// jump to the next version. One more function, aligned as all are, sees to it.
static void padSections(Module &M) {
  SmallVector<Function *> Functions;
  for (Function &F : M)
    if (isListed(F))
      Functions.push_back(&F);
  std::set<std::tuple<std::string, bool, bool>> Padded;
  SmallVector<GlobalValue *> Ends;
  for (const Function *F : Functions) {
    bool Cold = F->hasFnAttribute(Attribute::Cold);
    bool Hot = F->hasFnAttribute(Attribute::Hot);
    if (!Padded.insert({F->getSection().str(), Cold, Hot}).second)
      continue;
    LLVMContext &C = M.getContext();
    auto *End =
        Function::Create(FunctionType::get(Type::getVoidTy(C), false),
                         GlobalValue::InternalLinkage, "__upstare_end", &M);
    End->setSection(F->getSection());
    End->setAlignment(Align(UPSTARE_ENTRY_ALIGN));
    End->addFnAttr(Attribute::NoUnwind);
    End->addFnAttr(Attribute::NoInline);
    if (Cold)
      End->addFnAttr(Attribute::Cold);
    if (Hot)
      End->addFnAttr(Attribute::Hot);
    IRBuilder<>(BasicBlock::Create(C, "", End)).CreateRetVoid();
    Ends.push_back(End);
  }
  appendToUsed(M, Ends);
}

/// Literals by their keys, and where other constants without a name begin (key
/// 0): a pointer to there is not one past the end of what lies in front.
static void embedLiterals(Module &M) {
  SmallVector<Symbol> Symbols;
  for (GlobalVariable &G : M.globals())
    if (G.hasPrivateLinkage() && G.hasInitializer() && !G.hasComdat() &&
        !G.isThreadLocal() && !G.hasSection())
      Symbols.emplace_back(literalKey(G), &G);
  if (!Symbols.empty())
    embed(M, UPSTARE_BLOB_LITERALS, "", {}, Symbols);
}

void embedFunctions(Module &M) {
  SmallVector<Symbol> Symbols;
  for (Function &F : M) {
    if (!isListed(F))
      continue;
    if (F.getAlign().valueOrOne() < Align(UPSTARE_ENTRY_ALIGN))
      F.setAlignment(Align(UPSTARE_ENTRY_ALIGN));
    if (F.hasFnAttribute(Attribute::Naked))
      continue;
    // "main" is the runtime's entry by now; the program's own has its key.
    if (F.getName() == "main" && M.getFunction(MainName))
      continue;
    Symbols.emplace_back(keyOf(F), &F);
  }
  embed(M, UPSTARE_BLOB_FUNCTIONS, "", {}, Symbols);
  embedLiterals(M);
  padSections(M);
}

} // namespace upstare
