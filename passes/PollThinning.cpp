//===- PollThinning.cpp - polls that inlining has made needless --*- C++
//-*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// See PollThinning.h.
//
//===----------------------------------------------------------------------===//

#include "PollThinning.h"
#include "Abi.h"
#include "LoopOracle.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/ScalarEvolution.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"
#include "llvm/Transforms/Utils/Local.h"

using namespace llvm;

namespace upstare {

/// The call of the update point that B consists of, but for what prepares it.
static CallBase *updateIn(BasicBlock &B) {
  for (Instruction &I : B)
    if (auto *Call = dyn_cast<CallBase>(&I); Call && isUpdatePoint(*Call))
      return Call;
  return nullptr;
}

namespace {
/// The polls of one innermost loop.
class LoopPolls {
public:
  explicit LoopPolls(const Loop &L) : L(L) {
    for (BasicBlock *B : L.blocks())
      if (auto *Branch = dyn_cast<BranchInst>(B->getTerminator());
          Branch && Branch->isConditional())
        for (unsigned Side : {0, 1})
          if (isDetour(*Branch->getSuccessor(Side), *Branch))
            Polls.push_back({Branch, Side});
  }

  bool empty() const { return Polls.empty(); }

  /// Whether nothing else in the loop takes long.
  bool areAllThereIs() const {
    return all_of(L.blocks(), [&](const BasicBlock *B) {
      return all_of(*B, [&](const Instruction &I) {
        auto *Call = dyn_cast<CallBase>(&I);
        return !Call || isUpdatePoint(*Call) || isa<IntrinsicInst>(Call) ||
               Call->onlyReadsMemory() || Call->doesNotReturn();
      });
    });
  }

  /// A call that may unwind is another way out of a loop, so that scalar
  /// evolution says less of it: the loop's bound is asked for as if it were not
  /// there.
  bool areNeedless(ScalarEvolution &Evolution,
                   const DominatorTree &Dominators) {
    markCalls(true);
    Evolution.forgetLoop(&L);
    bool Needless = hasBound(L, Evolution, Dominators);
    Evolution.forgetLoop(&L);
    if (!Needless)
      markCalls(false);
    return Needless;
  }

  void remove() {
    for (auto [Branch, Side] : Polls) {
      BasicBlock *Head = Branch->getParent();
      BasicBlock *Rest = Branch->getSuccessor(1 - Side);
      BasicBlock *Detour = Branch->getSuccessor(Side);
      Value *Asked = Branch->getCondition();
      BranchInst *Straight = BranchInst::Create(Rest, Branch->getIterator());
      Straight->setDebugLoc(Branch->getDebugLoc());
      Straight->setMetadata(LLVMContext::MD_loop,
                            Branch->getMetadata(LLVMContext::MD_loop));
      Branch->eraseFromParent();
      DeleteDeadBlock(Detour);
      RecursivelyDeleteTriviallyDeadInstructions(Asked);
      removeFlagLoads(*Head);
      MergeBlockIntoPredecessor(Rest);
    }
  }

private:
  void markCalls(bool Plain) {
    for (auto [Branch, Side] : Polls) {
      CallBase *Call = updateIn(*Branch->getSuccessor(Side));
      for (auto Kind : {Attribute::NoUnwind, Attribute::WillReturn})
        Plain ? Call->addFnAttr(Kind) : Call->removeFnAttr(Kind);
    }
  }

  /// A block of its own that holds the call and comes back.
  bool isDetour(BasicBlock &B, const BranchInst &From) const {
    return B.getSinglePredecessor() == From.getParent() &&
           B.getSingleSuccessor() && updateIn(B);
  }

  /// The loads are volatile, so nothing else takes them away.
  static void removeFlagLoads(BasicBlock &B) {
    GlobalVariable *Flag = requestFlag(*B.getModule());
    for (Instruction &I : make_early_inc_range(B))
      if (auto *Load = dyn_cast<LoadInst>(&I);
          Load && Load->getPointerOperand() == Flag && Load->use_empty())
        Load->eraseFromParent();
  }

  const Loop &L;
  SmallVector<std::pair<BranchInst *, unsigned>, 2> Polls;
};
} // namespace

PreservedAnalyses PollThinningPass::run(Function &F,
                                        FunctionAnalysisManager &FAM) {
  auto &Loops = FAM.getResult<LoopAnalysis>(F);
  SmallVector<LoopPolls, 4> Needless;
  for (const Loop *L : Loops.getLoopsInPreorder()) {
    if (!L->isInnermost())
      continue;
    LoopPolls Polls(*L);
    if (!Polls.empty() && Polls.areAllThereIs() &&
        Polls.areNeedless(FAM.getResult<ScalarEvolutionAnalysis>(F),
                          FAM.getResult<DominatorTreeAnalysis>(F)))
      Needless.push_back(Polls);
  }
  for (LoopPolls &Polls : Needless)
    Polls.remove();
  return Needless.empty() ? PreservedAnalyses::all()
                          : PreservedAnalyses::none();
}

} // namespace upstare
