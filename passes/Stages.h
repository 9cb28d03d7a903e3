//===- Stages.h - the two stages, as a library -----------------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What Plugin.cpp registers and what patchgen calls to instrument the code of a
// patch (and to derive the shapes of the old program).
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_PASSES_STAGES_H
#define UPSTARE_PASSES_STAGES_H

#include "Options.h"
#include "Shape.h"
#include "llvm/IR/PassManager.h"

namespace upstare {

/// The early stage (PipelineStart): continuation points, frames, update points,
/// state bundles, entry of main, blocking calls, embedded bitcode. With
/// Options::RebuildClones (patches) also f.rebuild clones, and neither an entry
/// of main nor embedded bitcode nor an image constructor. Returns the facts;
/// empty when the module already carries the flag of an earlier run.
ModuleShape runEarlyStage(llvm::Module &M, llvm::ModuleAnalysisManager &MAM,
                          const Options &Opts);

/// The late stage (OptimizerLast): bundles become landing pads; the addresses
/// of functions are embedded (not for patches).
void runLateStage(llvm::Module &M, llvm::ModuleAnalysisManager &MAM,
                  const Options &Opts);

/// Names of the stages that can be run alone ("upstare-demote", …).
llvm::ArrayRef<llvm::StringRef> stageNames();
/// Runs one of them. Stages find what earlier ones did in the IR itself.
void runStage(llvm::StringRef Name, llvm::Module &M,
              llvm::ModuleAnalysisManager &MAM, const Options &Opts);

/// Sets the code generator's options that move landing pads to a cold section,
/// through cl::getRegisteredOptions(). False if this LLVM lacks one of them.
bool enableColdSplitting();

} // namespace upstare

#endif // UPSTARE_PASSES_STAGES_H
