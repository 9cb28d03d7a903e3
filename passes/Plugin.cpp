//===- Plugin.cpp - registration, and nothing else -*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Extension points:
// - PipelineStart, at every level and at -O0: numbering must see the program as
//   written, before inlining, with every local still in memory.
// - OptimizerLast: everything but code generation is done, so pads hinder no
//   optimisation; it exists in per-module, LTO and ThinLTO pre-link pipelines.
//   (Plugins do not run at link time, so LTO links see lowered pads.)
// - Pass names for opt: one per stage, and two printers.
//
//===----------------------------------------------------------------------===//

#include "Diagnostics.h"
#include "PollThinning.h"
#include "Printers.h"
#include "Stages.h"
#include "llvm/IR/Module.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Passes/PassPlugin.h"

using namespace llvm;
using namespace upstare;

namespace {

/// Options of a pass: its parameters, else the environment.
Expected<Options> optionsFor(StringRef Parameters) {
  return Parameters.empty() ? Options::fromEnvironment()
                            : Options::parse(Parameters);
}

std::string levelName(OptimizationLevel Level) {
  if (Level.getSizeLevel())
    return Level.getSizeLevel() == 1 ? "s" : "z";
  return std::to_string(Level.getSpeedupLevel());
}

struct StagePass : PassInfoMixin<StagePass> {
  StagePass(StringRef Name, StringRef Parameters,
            std::optional<OptimizationLevel> Level = std::nullopt)
      : Name(Name), Parameters(Parameters), Level(Level) {}

  PreservedAnalyses run(Module &M, ModuleAnalysisManager &MAM) {
    Expected<Options> Opts = optionsFor(Parameters);
    if (!Opts) {
      M.getContext().emitError(toString(Opts.takeError()));
      return PreservedAnalyses::all();
    }
    if (Level)
      Opts->Level = levelName(*Level);
    if (Opts->ColdSplitting && Level && !enableColdSplitting())
      warn(M, "this LLVM has no machine function splitting; landing pads stay "
              "beside the hot code");
    runStage(Name, M, MAM, *Opts);
    return PreservedAnalyses::none();
  }
  static bool isRequired() { return true; }

  StringRef Name;
  std::string Parameters;
  std::optional<OptimizationLevel> Level;
};

using Printer = void (*)(const ModuleShape &, raw_ostream &);

struct PrinterPass : PassInfoMixin<PrinterPass> {
  explicit PrinterPass(Printer Print) : Print(Print) {}
  PreservedAnalyses run(Module &M, ModuleAnalysisManager &MAM) {
    Expected<Options> Opts = Options::fromEnvironment();
    if (Opts)
      inspect(M, MAM, *Opts, Print);
    else
      M.getContext().emitError(toString(Opts.takeError()));
    return PreservedAnalyses::all();
  }
  static bool isRequired() { return true; }
  Printer Print;
};

bool parsePass(StringRef Text, ModulePassManager &MPM,
               ArrayRef<PassBuilder::PipelineElement>) {
  if (Text == "print<upstare-frames>" || Text == "print<upstare-points>") {
    MPM.addPass(
        PrinterPass(Text.contains("frames") ? printFrames : printPoints));
    return true;
  }
  auto [Name, Parameters] = Text.split('<');
  Parameters.consume_back(">");
  for (StringRef Stage : stageNames())
    if (Stage == Name) {
      MPM.addPass(StagePass(Stage, Parameters));
      return true;
    }
  return false;
}

/// Unless the user wants these polls.
void addThinning(FunctionPassManager &FPM) {
  Expected<Options> Opts = Options::fromEnvironment();
  if (!Opts)
    consumeError(Opts.takeError()); // the early stage has told
  else if (!Opts->PollCountedLoops)
    FPM.addPass(PollThinningPass());
}

void registerCallbacks(PassBuilder &PB) {
  PB.registerPipelineStartEPCallback(
      [](ModulePassManager &MPM, OptimizationLevel Level) {
        MPM.addPass(StagePass("upstare-early", "", Level));
      });
  PB.registerOptimizerLastEPCallback(
      [](ModulePassManager &MPM, OptimizationLevel Level) {
        MPM.addPass(StagePass("upstare-late", "", Level));
      });
  PB.registerVectorizerStartEPCallback(
      [](FunctionPassManager &FPM, OptimizationLevel) { addThinning(FPM); });
  PB.registerPipelineParsingCallback(parsePass);
  PB.registerPipelineParsingCallback(
      [](StringRef Name, FunctionPassManager &FPM,
         ArrayRef<PassBuilder::PipelineElement>) {
        if (Name != "upstare-thin-polls")
          return false;
        FPM.addPass(PollThinningPass());
        return true;
      });
}

} // namespace

extern "C" LLVM_ATTRIBUTE_WEAK
    __attribute__((visibility("default"))) PassPluginLibraryInfo
    llvmGetPassPluginInfo() {
  return {LLVM_PLUGIN_API_VERSION, "UpStare", "0.1", registerCallbacks};
}
