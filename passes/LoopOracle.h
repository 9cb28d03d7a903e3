//===- LoopOracle.h - which loops can be counted -*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Answers, before optimisation, whether the optimiser will be able to count a
// loop.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_PASSES_LOOPORACLE_H
#define UPSTARE_PASSES_LOOPORACLE_H

#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/IR/Function.h"
#include "llvm/IR/PassManager.h"

namespace llvm {
class DominatorTree;
class Loop;
class ScalarEvolution;
} // namespace llvm

namespace upstare {

/// Whether L ends after a number of rounds that is known when it begins, at
/// most. That a counter cannot overflow bounds every loop that counts; that is
/// none.
bool hasBound(const llvm::Loop &L, llvm::ScalarEvolution &Evolution,
              const llvm::DominatorTree &Dominators);

/// The headers among Candidates whose loops have a bound.
llvm::SmallPtrSet<const llvm::BasicBlock *, 8>
countableLoops(llvm::Function &F,
               llvm::ArrayRef<const llvm::BasicBlock *> Candidates,
               llvm::FunctionAnalysisManager &FAM);

} // namespace upstare

#endif // UPSTARE_PASSES_LOOPORACLE_H
