//===- LoopOracle.cpp - which loops can be counted -*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// At PipelineStart every induction variable is still in memory, so scalar
// evolution knows nothing. We ask it about a copy of the function whose
// variables have been promoted, and throw the copy away. The answer does not
// depend on the optimisation level, so that the numbering of continuation
// points does not either.
//
//===----------------------------------------------------------------------===//

#include "LoopOracle.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/ScalarEvolution.h"
#include "llvm/Transforms/Scalar/SROA.h"
#include "llvm/Transforms/Utils/Cloning.h"

using namespace llvm;

namespace upstare {

SmallPtrSet<const BasicBlock *, 8>
countableLoops(Function &F, ArrayRef<const BasicBlock *> Candidates,
               FunctionAnalysisManager &FAM) {
  SmallPtrSet<const BasicBlock *, 8> Countable;
  if (Candidates.empty())
    return Countable;
  ValueToValueMapTy Map;
  Function *Copy = CloneFunction(&F, Map);
  Copy->removeFnAttr(Attribute::OptimizeNone);
  Copy->setLinkage(GlobalValue::InternalLinkage);
  Copy->setComdat(nullptr);
  FAM.invalidate(*Copy, SROAPass(SROAOptions::PreserveCFG).run(*Copy, FAM));
  auto &Loops = FAM.getResult<LoopAnalysis>(*Copy);
  auto &Evolution = FAM.getResult<ScalarEvolutionAnalysis>(*Copy);
  for (const BasicBlock *Header : Candidates) {
    auto *Mapped = cast_or_null<BasicBlock>(Map.lookup(Header));
    const Loop *L = Mapped ? Loops.getLoopFor(Mapped) : nullptr;
    if (L && L->getHeader() == Mapped &&
        !isa<SCEVCouldNotCompute>(Evolution.getBackedgeTakenCount(L)))
      Countable.insert(Header);
  }
  FAM.clear(*Copy, Copy->getName());
  Copy->eraseFromParent();
  return Countable;
}

} // namespace upstare
