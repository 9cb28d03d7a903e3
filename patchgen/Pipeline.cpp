//===- Pipeline.cpp - clang's way from IR to an object --------------------===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// How does clang set up the optimiser and the code generator for a module?
// Follows clang's BackendUtil.cpp, with the options that upstare-cc leaves at
// their defaults; what differs by function (CPU, frame pointers, fast-math) is
// in the functions' attributes.
//
//===----------------------------------------------------------------------===//

#include "Pipeline.h"
#include "PollThinning.h"
#include "llvm/Analysis/TargetLibraryInfo.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/IR/Module.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/Target/TargetOptions.h"
#include "llvm/TargetParser/Triple.h"

using namespace llvm;
using namespace upstare;
using namespace upstare::patchgen;

static CodeGenOptLevel codeGenLevel(StringRef Level) {
  if (Level == "0")
    return CodeGenOptLevel::None;
  if (Level == "1")
    return CodeGenOptLevel::Less;
  return Level == "3" ? CodeGenOptLevel::Aggressive : CodeGenOptLevel::Default;
}

static OptimizationLevel optimizationLevel(StringRef Level) {
  if (Level == "0")
    return OptimizationLevel::O0;
  if (Level == "1")
    return OptimizationLevel::O1;
  if (Level == "3")
    return OptimizationLevel::O3;
  if (Level == "s")
    return OptimizationLevel::Os;
  return Level == "z" ? OptimizationLevel::Oz : OptimizationLevel::O2;
}

static PipelineTuningOptions tuning(StringRef Level) {
  PipelineTuningOptions Tuning;
  bool AboveO1 = Level != "0" && Level != "1";
  Tuning.LoopUnrolling = AboveO1;
  Tuning.LoopInterleaving = AboveO1;
  Tuning.LoopVectorization = AboveO1 && Level != "z";
  Tuning.SLPVectorization = AboveO1;
  Tuning.CallGraphProfile = true;
  return Tuning;
}

Expected<std::unique_ptr<TargetMachine>>
patchgen::targetMachineFor(const Module &M, StringRef Level) {
  std::string Message;
  const Target *T = TargetRegistry::lookupTarget(M.getTargetTriple(), Message);
  if (!T)
    return createStringError(inconvertibleErrorCode(), Message);
  // The module's CPU is that of its functions: attributes override it for
  // code, but helper code (constant pools, tables) takes it from here.
  StringRef CPU = "x86-64", Features;
  for (const Function &F : M) {
    if (F.isDeclaration() || !F.hasFnAttribute("target-cpu"))
      continue;
    CPU = F.getFnAttribute("target-cpu").getValueAsString();
    Features = F.getFnAttribute("target-features").getValueAsString();
    break;
  }
  TargetOptions Options;
  Options.UseInitArray = true;
  Options.FunctionSections = true;
  Options.EmitStackSizeSection = true; // for StackSizes
  Options.DebuggerTuning = DebuggerKind::GDB;
  std::unique_ptr<TargetMachine> TM(T->createTargetMachine(
      M.getTargetTriple(), CPU, Features, Options, Reloc::PIC_,
      M.getCodeModel(), codeGenLevel(Level)));
  if (!TM)
    return createStringError(inconvertibleErrorCode(),
                             "no code generator for " + M.getTargetTriple());
  return TM;
}

Analyses::Analyses(const Module &M, TargetMachine &TM, StringRef Level)
    : Builder(&TM, tuning(Level)) {
  TargetLibraryInfoImpl Library{Triple(M.getTargetTriple())};
  Functions.registerPass([&] { return TargetLibraryAnalysis(Library); });
  Builder.registerModuleAnalyses(Modules);
  Builder.registerCGSCCAnalyses(Components);
  Builder.registerFunctionAnalyses(Functions);
  Builder.registerLoopAnalyses(Loops);
  Builder.crossRegisterProxies(Loops, Functions, Components, Modules);
}

namespace {

/// Runs a callable as a module pass, for optnone functions too.
struct AtEndPass : PassInfoMixin<AtEndPass> {
  std::function<void(Module &, ModuleAnalysisManager &)> Run;
  PreservedAnalyses run(Module &M, ModuleAnalysisManager &MAM) {
    Run(M, MAM);
    return PreservedAnalyses::none();
  }
  static bool isRequired() { return true; }
};

} // namespace

void patchgen::optimise(
    Module &M, TargetMachine &TM, StringRef Level, bool ThinPolls,
    const std::function<void(Module &, ModuleAnalysisManager &)> &AtEnd) {
  Analyses A(M, TM, Level);
  A.Builder.registerOptimizerLastEPCallback(
      [&](ModulePassManager &MPM, OptimizationLevel) {
        AtEndPass P;
        P.Run = AtEnd;
        MPM.addPass(std::move(P));
      });
  if (ThinPolls)
    A.Builder.registerVectorizerStartEPCallback(
        [](FunctionPassManager &FPM, OptimizationLevel) {
          FPM.addPass(PollThinningPass());
        });
  OptimizationLevel O = optimizationLevel(Level);
  ModulePassManager MPM = Level == "0"
                              ? A.Builder.buildO0DefaultPipeline(O)
                              : A.Builder.buildPerModuleDefaultPipeline(O);
  MPM.run(M, A.Modules);
}

Expected<SmallVector<char, 0>> patchgen::generateObject(Module &M,
                                                        TargetMachine &TM) {
  SmallVector<char, 0> Object;
  raw_svector_ostream OS(Object);
  legacy::PassManager PM;
  PM.add(new TargetLibraryInfoWrapperPass(Triple(M.getTargetTriple())));
  if (TM.addPassesToEmitFile(PM, OS, nullptr, CodeGenFileType::ObjectFile))
    return createStringError(inconvertibleErrorCode(),
                             "the code generator makes no object files");
  PM.run(M);
  return Object;
}
