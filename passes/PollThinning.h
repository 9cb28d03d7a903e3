//===- PollThinning.h - polls that inlining has made needless ----*- C++
//-*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Whether a loop has a bound is asked before inlining (LoopOracle.h). Of a loop
// over iterators, say, it is known only after: then, right before
// vectorisation, its poll is taken out again. Points keep their numbers; this
// one is never left. At -O0 and in functions that are not optimised, polls
// stay.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_PASSES_POLLTHINNING_H
#define UPSTARE_PASSES_POLLTHINNING_H

#include "llvm/IR/PassManager.h"

namespace upstare {

struct PollThinningPass : llvm::PassInfoMixin<PollThinningPass> {
  llvm::PreservedAnalyses run(llvm::Function &F,
                              llvm::FunctionAnalysisManager &FAM);
};

} // namespace upstare

#endif // UPSTARE_PASSES_POLLTHINNING_H
