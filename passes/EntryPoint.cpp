//===- EntryPoint.cpp - main under a root, and the image's registration -*- C++
//-*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//     int main(argc, argv)      →     upstare.main(argc, argv) { … }
//     { … }                           main(argc, argv, envp) {
//                                       return upstare_main(upstare.main, …);
//                                     }
//
// upstare_main calls it with (argc, argv, envp), whatever it takes.
//
//===----------------------------------------------------------------------===//

#include "EntryPoint.h"
#include "Abi.h"
#include "Names.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/Transforms/Utils/ModuleUtils.h"

using namespace llvm;

namespace upstare {

bool renameMain(Module &M) {
  Function *Main = M.getFunction("main");
  if (!Main || Main->isDeclaration())
    return false;
  Main->setName(MainName);
  Main->setVisibility(GlobalValue::HiddenVisibility);
  Main->setDSOLocal(true);
  return true;
}

void emitMain(Module &M) {
  Function *Original = M.getFunction(MainName);
  LLVMContext &C = M.getContext();
  Type *I32 = Type::getInt32Ty(C), *Ptr = PointerType::getUnqual(C);
  auto *Main = Function::Create(FunctionType::get(I32, {I32, Ptr, Ptr}, false),
                                GlobalValue::ExternalLinkage, "main", &M);
  Main->setDSOLocal(true);
  Main->setUWTableKind(UWTableKind::Default);
  for (StringRef Kind : {"target-cpu", "target-features", "tune-cpu"})
    if (Original->hasFnAttribute(Kind))
      Main->addFnAttr(Original->getFnAttribute(Kind));
  IRBuilder<> B(BasicBlock::Create(C, "", Main));
  B.CreateRet(B.CreateCall(
      declare(M, Callee::Main),
      {Original, Main->getArg(0), Main->getArg(1), Main->getArg(2)}));
}

static GlobalVariable *imageRecord(Module &M) {
  LLVMContext &C = M.getContext();
  Type *I32 = Type::getInt32Ty(C);
  Constant *Fields[] = {ConstantInt::get(I32, UPSTARE_ABI_VERSION),
                        ConstantInt::get(I32, sizeof(struct upstare_image)),
                        requestFlag(M)};
  Constant *Init = ConstantStruct::getAnon(Fields);
  auto *G = new GlobalVariable(M, Init->getType(), false,
                               GlobalValue::LinkOnceAnyLinkage, Init,
                               "__upstare_image");
  G->setVisibility(GlobalValue::HiddenVisibility);
  G->setDSOLocal(true);
  G->setComdat(M.getOrInsertComdat(G->getName()));
  return G;
}

void emitImageConstructor(Module &M) {
  LLVMContext &C = M.getContext();
  const char *Name = "__upstare_init_image";
  auto *F = Function::Create(FunctionType::get(Type::getVoidTy(C), false),
                             GlobalValue::LinkOnceAnyLinkage, Name, &M);
  F->setVisibility(GlobalValue::HiddenVisibility);
  F->setDSOLocal(true);
  F->setComdat(M.getOrInsertComdat(Name));
  F->addFnAttr(Attribute::NoInline);
  F->addFnAttr(Attribute::Cold);
  F->setUWTableKind(UWTableKind::Default);
  IRBuilder<> B(BasicBlock::Create(C, "", F));
  // A reference to the version's symbol: a wrong runtime does not link.
  Type *I8 = B.getInt8Ty();
  B.CreateLoad(I8, M.getOrInsertGlobal(UPSTARE_ABI_SYMBOL_NAME, I8), true);
  B.CreateCall(declare(M, Callee::RegisterImage), imageRecord(M));
  B.CreateRetVoid();
  // Keyed by its own comdat: the linker keeps one entry per image.
  appendToGlobalCtors(M, F, 1, F);
}

} // namespace upstare
