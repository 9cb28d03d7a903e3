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
// A loop with a bound counts as counted, also if it may be left before. Scalar
// evolution knows bounds of loops with one latch. Of others we see
//
//   while (lo <= hi) { if (…) { lo++; continue; } …; lo += 2; }
//
// a variable that every round changes in one direction, and a test in every
// round that ends the loop when it has gone far enough.
//
//===----------------------------------------------------------------------===//

#include "LoopOracle.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/ScalarEvolution.h"
#include "llvm/Analysis/ScalarEvolutionExpressions.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/PatternMatch.h"
#include "llvm/Transforms/Scalar/SROA.h"
#include "llvm/Transforms/Utils/Cloning.h"

using namespace llvm;

namespace upstare {

namespace {
/// See the top of the file.
class MonotonicBound {
public:
  MonotonicBound(const Loop &L, const DominatorTree &Dominators)
      : L(L), Dominators(Dominators) {
    L.getLoopLatches(Latches);
  }

  bool exists() const {
    return any_of(L.getHeader()->phis(), [&](const PHINode &Phi) {
      int Direction = directionOf(Phi);
      return Direction && isTested(Phi, Direction);
    });
  }

private:
  /// How V differs from Phi: 1 or -1 for that step, 2 or -2 for a longer one
  /// that cannot overflow, 0 if that is not certain.
  int step(const Value *V, const PHINode &Phi, unsigned Depth = 4) const {
    using namespace PatternMatch;
    const APInt *Amount;
    if (match(V, m_Add(m_Specific(&Phi), m_APInt(Amount)))) {
      bool NoWrap = cast<BinaryOperator>(V)->hasNoSignedWrap();
      if (Amount->isOne() || Amount->isAllOnes())
        return (Amount->isOne() ? 1 : -1) * (NoWrap ? 2 : 1);
      return !NoWrap || Amount->isZero() ? 0 : Amount->isNegative() ? -2 : 2;
    }
    auto *Merge = dyn_cast<PHINode>(V);
    if (!Merge || Depth == 0 || !L.contains(Merge) || Merge == &Phi)
      return 0;
    int All = step(Merge->getIncomingValue(0), Phi, Depth - 1);
    for (const Value *Incoming : Merge->incoming_values())
      if (step(Incoming, Phi, Depth - 1) != All)
        return 0;
    return All;
  }

  int directionOf(const PHINode &Phi) const {
    if (!Phi.getType()->isIntegerTy())
      return 0;
    int All = step(Phi.getIncomingValueForBlock(Latches[0]), Phi);
    for (const BasicBlock *Latch : Latches)
      if (step(Phi.getIncomingValueForBlock(Latch), Phi) != All)
        return 0;
    return All;
  }

  /// Whether every round goes on only if Phi has not reached a fixed value.
  bool isTested(const PHINode &Phi, int Direction) const {
    return any_of(L.blocks(), [&](const BasicBlock *B) {
      auto *Branch = dyn_cast<BranchInst>(B->getTerminator());
      if (!Branch || !Branch->isConditional() || !L.isLoopExiting(B) ||
          !all_of(Latches, [&](const BasicBlock *Latch) {
            return Dominators.dominates(B, Latch);
          }))
        return false;
      auto *Compare = dyn_cast<ICmpInst>(Branch->getCondition());
      return Compare && endsLoop(*Compare, L.contains(Branch->getSuccessor(0)),
                                 Phi, Direction);
    });
  }

  bool endsLoop(const ICmpInst &Compare, bool StaysIfTrue, const PHINode &Phi,
                int Direction) const {
    CmpInst::Predicate Stays =
        StaysIfTrue ? Compare.getPredicate() : Compare.getInversePredicate();
    const Value *Variable = Compare.getOperand(0),
                *Bound = Compare.getOperand(1);
    if (L.isLoopInvariant(Variable)) {
      std::swap(Variable, Bound);
      Stays = CmpInst::getSwappedPredicate(Stays);
    }
    if (Variable != &Phi || !L.isLoopInvariant(Bound))
      return false;
    bool Up = Direction > 0;
    // By single steps, a strict comparison ends before anything wraps.
    if (Stays == (Up ? CmpInst::ICMP_ULT : CmpInst::ICMP_UGT))
      return std::abs(Direction) == 1;
    if (Stays == (Up ? CmpInst::ICMP_SLT : CmpInst::ICMP_SGT))
      return true;
    return Stays == (Up ? CmpInst::ICMP_SLE : CmpInst::ICMP_SGE) &&
           std::abs(Direction) == 2;
  }

  const Loop &L;
  const DominatorTree &Dominators;
  SmallVector<BasicBlock *, 4> Latches;
};
} // namespace

bool hasBound(const Loop &L, ScalarEvolution &Evolution) {
  constexpr uint64_t Small = 1 << 16;
  const SCEV *Rounds = Evolution.getSymbolicMaxBackedgeTakenCount(&L);
  if (auto *Constant = dyn_cast<SCEVConstant>(Rounds))
    return Constant->getAPInt().ule(Small) ||
           !isa<SCEVCouldNotCompute>(Evolution.getBackedgeTakenCount(&L));
  return !isa<SCEVCouldNotCompute>(Rounds);
}

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
  auto &Dominators = FAM.getResult<DominatorTreeAnalysis>(*Copy);
  auto &Evolution = FAM.getResult<ScalarEvolutionAnalysis>(*Copy);
  for (const BasicBlock *Header : Candidates) {
    auto *Mapped = cast_or_null<BasicBlock>(Map.lookup(Header));
    const Loop *L = Mapped ? Loops.getLoopFor(Mapped) : nullptr;
    if (!L || L->getHeader() != Mapped)
      continue;
    if (hasBound(*L, Evolution) || MonotonicBound(*L, Dominators).exists())
      Countable.insert(Header);
  }
  FAM.clear(*Copy, Copy->getName());
  Copy->eraseFromParent();
  return Countable;
}

} // namespace upstare
