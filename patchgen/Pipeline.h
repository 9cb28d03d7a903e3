//===- Pipeline.h - clang's way from IR to an object -------------*- C++
//-*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// How does clang set up the optimiser and the code generator for a module? A
// patch is built alike, so that it runs as fast as NEW itself.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_PATCHGEN_PIPELINE_H
#define UPSTARE_PATCHGEN_PIPELINE_H

#include "Options.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Target/TargetMachine.h"
#include <functional>
#include <memory>

namespace upstare::patchgen {

/// The code generator for a module, position independent.
llvm::Expected<std::unique_ptr<llvm::TargetMachine>>
targetMachineFor(const llvm::Module &M, llvm::StringRef Level);

/// The pass managers' analyses for one module, as clang registers them.
class Analyses {
public:
  Analyses(const llvm::Module &M, llvm::TargetMachine &TM,
           llvm::StringRef Level);
  llvm::PassBuilder Builder;
  llvm::LoopAnalysisManager Loops;
  llvm::FunctionAnalysisManager Functions;
  llvm::CGSCCAnalysisManager Components;
  llvm::ModuleAnalysisManager Modules;
};

/// Optimises M, taking out needless polls (PollThinning.h) if ThinPolls; AtEnd
/// runs where clang's plugins run at OptimizerLast.
void optimise(llvm::Module &M, llvm::TargetMachine &TM, llvm::StringRef Level,
              bool ThinPolls,
              const std::function<void(llvm::Module &,
                                       llvm::ModuleAnalysisManager &)> &AtEnd);

/// Generates an object file for M.
llvm::Expected<llvm::SmallVector<char, 0>>
generateObject(llvm::Module &M, llvm::TargetMachine &TM);

} // namespace upstare::patchgen

#endif // UPSTARE_PATCHGEN_PIPELINE_H
