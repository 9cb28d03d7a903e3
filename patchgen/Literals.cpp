//===- Literals.cpp - string literals go on -------------------------------===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// See Literals.h.
//   @.str = private unnamed_addr constant [5 x i8] c"idle\00"
//     → @us.l.<key> = available_externally constant …      OLD has it
//     → @us.l.<key> = linkonce_odr hidden constant …       it is new
//
//===----------------------------------------------------------------------===//

#include "Literals.h"
#include "Continuations.h"
#include "Instrument.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/Transforms/Utils/ModuleUtils.h"

using namespace llvm;
using namespace upstare;
using namespace upstare::patchgen;

/// Functions of which nobody expects that they compare or keep the pointer: the
/// C library's, and those that print formats.
static bool onlyReads(const CallBase &Call, const Use &U) {
  const auto *F =
      dyn_cast<Function>(Call.getCalledOperand()->stripPointerCasts());
  return F && Call.isArgOperand(&U) &&
         (F->isVarArg() || (F->isDeclaration() && isPlainLibraryFunction(*F)));
}

/// Whether more is done with the address than reading what is there.
static bool addressMatters(const Constant &C) {
  return llvm::any_of(C.uses(), [](const Use &U) {
    const User *By = U.getUser();
    if (const auto *Expression = dyn_cast<ConstantExpr>(By))
      return addressMatters(*Expression);
    if (const auto *Call = dyn_cast<CallBase>(By))
      return !onlyReads(*Call, U);
    return !isa<LoadInst>(By);
  });
}

std::map<uint64_t, LiteralDef> patchgen::findLiterals(const Program &P) {
  std::map<uint64_t, LiteralDef> Found;
  for (const auto &U : P.Units)
    for (const GlobalVariable &G : U->M->globals()) {
      uint64_t Key = literalKey(G);
      if (!Key || Found.count(Key) || !addressMatters(G))
        continue;
      LiteralDef &Def = Found[Key];
      Def.Size = U->M->getDataLayout().getTypeAllocSize(G.getValueType());
      for (unsigned I = 0; I != P.Images.size() && !Def.Address; ++I) {
        auto It = P.Images[I]->LiteralAddress.find(Key);
        if (It != P.Images[I]->LiteralAddress.end())
          Def = {I, It->second, Def.Size};
      }
    }
  return Found;
}

std::string patchgen::literalSymbol(uint64_t Key) {
  return patchSymbol("l", Key);
}

bool patchgen::isBoundLiteral(const Program &Old, uint64_t Key) {
  auto It = Old.Literals.find(Key);
  return It != Old.Literals.end() && It->second.Address;
}

void patchgen::bindLiterals(Module &M, const Program &Old, const Program &New) {
  SmallVector<GlobalValue *, 16> Keep;
  for (GlobalVariable &G : make_early_inc_range(M.globals())) {
    uint64_t Key = literalKey(G);
    if (!Key || !New.Literals.count(Key))
      continue;
    std::string Symbol = literalSymbol(Key);
    if (GlobalVariable *Same = M.getNamedGlobal(Symbol)) {
      G.replaceAllUsesWith(Same);
      G.eraseFromParent();
      continue;
    }
    bool Bound = isBoundLiteral(Old, Key);
    G.setLinkage(Bound ? GlobalValue::AvailableExternallyLinkage
                       : GlobalValue::LinkOnceODRLinkage);
    G.setVisibility(Bound ? GlobalValue::DefaultVisibility
                          : GlobalValue::HiddenVisibility);
    G.setDSOLocal(!Bound);
    G.setUnnamedAddr(GlobalValue::UnnamedAddr::None);
    // OLD's may be aligned less.
    if (Bound)
      G.setAlignment(M.getDataLayout().getABITypeAlign(
          G.getValueType()->getArrayElementType()));
    G.setName(Symbol);
    if (!Bound)
      Keep.push_back(&G);
  }
  appendToCompilerUsed(M, Keep);
}

/// Literals that the function compares pointers with and that the other program
/// does not have, with the comparison.
static std::map<uint64_t, const ICmpInst *>
comparedLiterals(const FunctionDef &Def, const Program &Other) {
  std::map<uint64_t, const ICmpInst *> Found;
  for (const Instruction &I : instructions(*Def.F))
    if (const auto *Compare = dyn_cast<ICmpInst>(&I))
      for (const Value *Operand : Compare->operands())
        if (const auto *G = dyn_cast<GlobalVariable>(Operand))
          if (uint64_t Key = literalKey(*G); Key && !Other.Literals.count(Key))
            Found.try_emplace(Key, Compare);
  return Found;
}

void patchgen::warnOfComparedLiterals(const Program &Old, const Program &New,
                                      const ProgramMatch &Match,
                                      Problems &Out) {
  for (const auto &[Key, NewDef] : New.Functions) {
    const FunctionDef *OldDef = Match.Functions.oldOf(Key);
    if (!OldDef)
      continue;
    auto Added = comparedLiterals(NewDef, Old);
    if (Added.empty() || comparedLiterals(*OldDef, New).empty())
      continue;
    const DebugLoc &Where = Added.begin()->second->getDebugLoc();
    Out.warn(placeInFunction(*NewDef.Shape, Where ? Where.getLine() : 0) +
             ": a pointer is compared with a string literal whose text "
             "changes: pointers that the old version set lead to the old text, "
             "and are not equal to the new one; set them in upstare_finish");
  }
}
