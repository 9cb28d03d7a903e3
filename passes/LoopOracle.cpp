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
// round that ends the loop when it has gone far enough. A pointer that every
// round moves in one direction needs no test: the object that it points into
// ends somewhere.
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
      Step PerRound = stepOf(Phi);
      return PerRound.Direction &&
             (Phi.getType()->isPointerTy() || isTested(Phi, PerRound));
    });
  }

private:
  /// How a value differs from that of another round.
  struct Step {
    int Direction = 0;   // 0: not for certain
    bool IsOne = false;  // one at a time
    bool NoWrap = false; // signed, or beyond an object
  };

  static Step merge(Step A, Step B) {
    if (A.Direction != B.Direction)
      return {};
    Step Both = {A.Direction, A.IsOne && B.IsOne, A.NoWrap && B.NoWrap};
    return Both.IsOne || Both.NoWrap ? Both : Step();
  }

  /// How V differs from Phi.
  Step step(const Value *V, const PHINode &Phi, unsigned Depth = 4) const {
    using namespace PatternMatch;
    const APInt *Amount;
    if (match(V, m_Add(m_Specific(&Phi), m_APInt(Amount)))) {
      bool NoWrap = cast<BinaryOperator>(V)->hasNoSignedWrap();
      bool IsOne = Amount->isOne() || Amount->isAllOnes();
      if (Amount->isZero() || (!NoWrap && !IsOne))
        return {};
      return {Amount->isNegative() ? -1 : 1, IsOne, NoWrap};
    }
    if (V->getType()->isPointerTy() && V != &Phi)
      if (Step S = pointerStep(*V, Phi, Depth); S.Direction)
        return S;
    auto *Merge = dyn_cast<PHINode>(V);
    if (!Merge || Depth == 0 || !L.contains(Merge) || Merge == &Phi)
      return {};
    std::optional<Step> All;
    for (unsigned N = 0; N != Merge->getNumIncomingValues(); ++N) {
      if (leaves(*Merge, N))
        continue;
      Step One = step(Merge->getIncomingValue(N), Phi, Depth - 1);
      All = All ? merge(*All, One) : One;
    }
    return All.value_or(Step());
  }

  /// Whether control that comes to Merge from there leaves the loop at once:
  /// "a && --n" where a is false.
  bool leaves(const PHINode &Merge, unsigned Incoming) const {
    const BasicBlock *B = Merge.getParent();
    auto *Branch = dyn_cast<BranchInst>(B->getTerminator());
    auto *Both = Branch && Branch->isConditional()
                     ? dyn_cast<PHINode>(Branch->getCondition())
                     : nullptr;
    if (!Both || Both->getParent() != B)
      return false;
    auto *Known = dyn_cast<ConstantInt>(
        Both->getIncomingValueForBlock(Merge.getIncomingBlock(Incoming)));
    return Known && !L.contains(Branch->getSuccessor(Known->isZero()));
  }

  Step pointerStep(const Value &V, const PHINode &Phi, unsigned Depth) const {
    const DataLayout &Layout = L.getHeader()->getModule()->getDataLayout();
    APInt Amount(Layout.getIndexTypeSizeInBits(V.getType()), 0);
    const Value *From = V.stripAndAccumulateConstantOffsets(
        Layout, Amount, /*AllowNonInbounds=*/false);
    if (From == &V || Amount.isZero())
      return {};
    Step Here = {Amount.isNegative() ? -1 : 1, false, true};
    if (From == &Phi)
      return Here;
    return Depth ? merge(Here, step(From, Phi, Depth - 1)) : Step();
  }

  Step stepOf(const PHINode &Phi) const {
    if (!Phi.getType()->isIntegerTy() && !Phi.getType()->isPointerTy())
      return {};
    Step All = step(Phi.getIncomingValueForBlock(Latches[0]), Phi);
    for (const BasicBlock *Latch : Latches)
      All = merge(All, step(Phi.getIncomingValueForBlock(Latch), Phi));
    return All;
  }

  /// Whether every round goes on only if Phi has not reached a fixed value.
  bool isTested(const PHINode &Phi, Step PerRound) const {
    return any_of(L.blocks(), [&](const BasicBlock *B) {
      auto *Branch = dyn_cast<BranchInst>(B->getTerminator());
      return Branch && Branch->isConditional() && L.isLoopExiting(B) &&
             all_of(Latches,
                    [&](const BasicBlock *Latch) {
                      return Dominators.dominates(B, Latch);
                    }) &&
             endsLoop(*Branch->getCondition(),
                      L.contains(Branch->getSuccessor(0)), Phi, PerRound);
    });
  }

  bool endsLoop(const Value &Condition, bool StaysIfTrue, const PHINode &Phi,
                Step PerRound) const {
    if (auto *Compare = dyn_cast<ICmpInst>(&Condition))
      return endsLoop(*Compare, StaysIfTrue, Phi, PerRound);
    // "a && b": false from where a is, else b. Either may be the test.
    auto *Both = dyn_cast<PHINode>(&Condition);
    if (!Both || Both == &Phi)
      return false;
    bool AllEnd = true;
    for (unsigned N = 0; N != Both->getNumIncomingValues(); ++N) {
      auto *Known = dyn_cast<ConstantInt>(Both->getIncomingValue(N));
      auto *Compare = dyn_cast<ICmpInst>(Both->getIncomingValue(N));
      if (Known && Known->isOne() != StaysIfTrue) {
        if (endsLoopAt(*Both->getIncomingBlock(N), *Both->getParent(), Phi,
                       PerRound))
          return true;
        continue;
      }
      AllEnd &= Compare && endsLoop(*Compare, StaysIfTrue, Phi, PerRound);
    }
    return AllEnd;
  }

  /// Whether From, which every round passes, goes to Leaving when Phi has
  /// reached a fixed value.
  bool endsLoopAt(const BasicBlock &From, const BasicBlock &Leaving,
                  const PHINode &Phi, Step PerRound) const {
    auto *Branch = dyn_cast<BranchInst>(From.getTerminator());
    if (!Branch || !Branch->isConditional() ||
        Branch->getSuccessor(0) == Branch->getSuccessor(1) ||
        !all_of(Latches, [&](const BasicBlock *Latch) {
          return Dominators.dominates(&From, Latch);
        }))
      return false;
    auto *Compare = dyn_cast<ICmpInst>(Branch->getCondition());
    return Compare && endsLoop(*Compare, Branch->getSuccessor(0) != &Leaving,
                               Phi, PerRound);
  }

  bool endsLoop(const ICmpInst &Compare, bool StaysIfTrue, const PHINode &Phi,
                Step PerRound) const {
    CmpInst::Predicate Stays =
        StaysIfTrue ? Compare.getPredicate() : Compare.getInversePredicate();
    const Value *Variable = Compare.getOperand(0),
                *Bound = Compare.getOperand(1);
    if (L.isLoopInvariant(Variable)) {
      std::swap(Variable, Bound);
      Stays = CmpInst::getSwappedPredicate(Stays);
    }
    if (!L.isLoopInvariant(Bound) ||
        (Variable != &Phi &&
         step(Variable, Phi).Direction != PerRound.Direction))
      return false;
    bool Up = PerRound.Direction > 0;
    // By single steps, nothing is stepped over, and a strict comparison ends
    // before anything wraps.
    if (Stays == CmpInst::ICMP_NE ||
        Stays == (Up ? CmpInst::ICMP_ULT : CmpInst::ICMP_UGT))
      return PerRound.IsOne;
    if (Stays == (Up ? CmpInst::ICMP_SLT : CmpInst::ICMP_SGT))
      return true;
    return Stays == (Up ? CmpInst::ICMP_SLE : CmpInst::ICMP_SGE) &&
           PerRound.NoWrap;
  }

  const Loop &L;
  const DominatorTree &Dominators;
  SmallVector<BasicBlock *, 4> Latches;
};
} // namespace

/// Of loops with one latch.
static bool isCounted(const Loop &L, ScalarEvolution &Evolution) {
  constexpr uint64_t Small = 1 << 16;
  const SCEV *Rounds = Evolution.getSymbolicMaxBackedgeTakenCount(&L);
  if (auto *Constant = dyn_cast<SCEVConstant>(Rounds))
    return Constant->getAPInt().ule(Small) ||
           !isa<SCEVCouldNotCompute>(Evolution.getBackedgeTakenCount(&L));
  return !isa<SCEVCouldNotCompute>(Rounds);
}

bool hasBound(const Loop &L, ScalarEvolution &Evolution,
              const DominatorTree &Dominators) {
  return isCounted(L, Evolution) || MonotonicBound(L, Dominators).exists();
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
    if (hasBound(*L, Evolution, Dominators))
      Countable.insert(Header);
  }
  FAM.clear(*Copy, Copy->getName());
  Copy->eraseFromParent();
  return Countable;
}

} // namespace upstare
