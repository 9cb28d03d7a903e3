//===- Abi.cpp - abi.def as LLVM types and declarations -*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// See Abi.h.
//
//===----------------------------------------------------------------------===//

#include "Abi.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InlineAsm.h"
#include "llvm/IR/InstrTypes.h"

using namespace llvm;

namespace upstare {

namespace {
struct CalleeInfo {
  const char *Name, *Return, *Args, *Attributes;
};
const CalleeInfo Callees[] = {
#define UPSTARE_CALLEE(Id, Name, Return, Args, Attributes)                     \
  {Name, Return, Args, Attributes},
#include "upstare/abi.def"
};
const char *const ThreadLocals[] = {
#define UPSTARE_TLS(Id, Name) Name,
#include "upstare/abi.def"
};

Type *typeOf(LLVMContext &C, char Kind) {
  switch (Kind) {
  case 'i':
    return Type::getInt32Ty(C);
  case 'l':
    return Type::getInt64Ty(C);
  case 'p':
    return PointerType::getUnqual(C);
  default:
    return Type::getVoidTy(C);
  }
}
} // namespace

StringRef nameOf(Callee C) { return Callees[static_cast<int>(C)].Name; }

FunctionCallee declare(Module &M, Callee C) {
  const CalleeInfo &Info = Callees[static_cast<int>(C)];
  if (Function *F = M.getFunction(Info.Name))
    return F;
  SmallVector<Type *, 4> Args;
  for (char Kind : StringRef(Info.Args))
    Args.push_back(typeOf(M.getContext(), Kind));
  FunctionType *FT =
      FunctionType::get(typeOf(M.getContext(), Info.Return[0]), Args, false);
  FunctionCallee Result = M.getOrInsertFunction(Info.Name, FT);
  auto *F = cast<Function>(Result.getCallee());
  for (char Attribute : StringRef(Info.Attributes))
    switch (Attribute) {
    case 'C':
      F->addFnAttr(Attribute::Cold);
      F->addFnAttr(Attribute::NoInline);
      break;
    case 'N':
      F->setDoesNotReturn();
      break;
    case 'U':
      F->setDoesNotThrow();
      break;
    case 'P':
      F->setCallingConv(CallingConv::PreserveAll);
      // Lazy binding preserves the registers of arguments only.
      F->addFnAttr(Attribute::NonLazyBind);
      break;
    default:
      break;
    }
  return Result;
}

GlobalVariable *declare(Module &M, ThreadLocal T) {
  const char *Name = ThreadLocals[static_cast<int>(T)];
  Type *Ptr = PointerType::getUnqual(M.getContext());
  auto *G = cast<GlobalVariable>(M.getOrInsertGlobal(Name, Ptr));
  G->setThreadLocalMode(GlobalValue::InitialExecTLSModel);
  return G;
}

GlobalVariable *requestFlag(Module &M) {
  const char *Name = "__upstare_requested";
  if (GlobalVariable *G = M.getGlobalVariable(Name, true))
    return G;
  Type *I32 = Type::getInt32Ty(M.getContext());
  auto *G = new GlobalVariable(M, I32, false, GlobalValue::LinkOnceAnyLinkage,
                               ConstantInt::get(I32, 0), Name);
  G->setVisibility(GlobalValue::HiddenVisibility);
  G->setDSOLocal(true);
  G->setComdat(M.getOrInsertComdat(Name));
  return G;
}

Function *updatePointEntry(Module &M) {
  const char *Name = "__upstare_update_point";
  if (Function *F = M.getFunction(Name))
    return F;
  Function *Target =
      cast<Function>(declare(M, Callee::UpdatePoint).getCallee());
  LLVMContext &C = M.getContext();
  auto *F = Function::Create(Target->getFunctionType(),
                             GlobalValue::LinkOnceODRLinkage, Name, &M);
  F->setCallingConv(Target->getCallingConv());
  F->setVisibility(GlobalValue::HiddenVisibility);
  F->setDSOLocal(true);
  F->setComdat(M.getOrInsertComdat(Name));
  for (auto Kind : {Attribute::Naked, Attribute::NoInline, Attribute::Cold})
    F->addFnAttr(Kind);
  IRBuilder<> B(BasicBlock::Create(C, "", F));
  std::string Jump =
      ("jmp *" + nameOf(Callee::UpdatePoint) + "@GOTPCREL(%rip)").str();
  B.CreateCall(InlineAsm::get(FunctionType::get(B.getVoidTy(), false), Jump, "",
                              /*hasSideEffects=*/true));
  B.CreateUnreachable();
  return F;
}

bool isRuntimeFunction(const Function &F) {
  return F.getName().starts_with("upstare_") ||
         F.getName().starts_with("__upstare_");
}

bool isUpdatePoint(const Instruction &I) {
  auto *Call = dyn_cast<CallBase>(&I);
  if (!Call)
    return false;
  const Function *F = Call->getCalledFunction();
  return F && F->getName() == nameOf(Callee::UpdatePoint);
}

} // namespace upstare
