//===- Driver.cpp - the stages in order -*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reads as a table of contents of the instrumentation; see docs/mechanism.md.
//
//===----------------------------------------------------------------------===//

#include "Abi.h"
#include "Allocators.h"
#include "BlockingCalls.h"
#include "Demotion.h"
#include "Diagnostics.h"
#include "EmbedBitcode.h"
#include "EntryPoint.h"
#include "LabelTables.h"
#include "LabelUses.h"
#include "LoopHeads.h"
#include "Names.h"
#include "RebuildClones.h"
#include "Stages.h"
#include "StateBundles.h"
#include "UnrollPads.h"
#include "UpdatePoints.h"
#include "VarArgs.h"
#include "llvm/IR/Verifier.h"
#include "llvm/Support/PrettyStackTrace.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/Transforms/IPO/GlobalDCE.h"

using namespace llvm;

namespace upstare {

FunctionShape *ModuleShape::find(const Function *F) const {
  for (const auto &Shape : Functions)
    if (Shape->F == F)
      return Shape.get();
  return nullptr;
}

static FunctionAnalysisManager &functionAnalyses(Module &M,
                                                 ModuleAnalysisManager &MAM) {
  return MAM.getResult<FunctionAnalysisManagerModuleProxy>(M).getManager();
}

static bool definesFunctions(const Module &M) {
  return any_of(M, [](const Function &F) {
    return !F.isDeclaration() && !F.hasAvailableExternallyLinkage();
  });
}

static std::unique_ptr<FunctionShape> shapeOf(Function &F) {
  auto Shape = std::make_unique<FunctionShape>();
  Shape->F = &F;
  Shape->Name = sourceName(F).str();
  Shape->Key = keyOf(F);
  Shape->IsLocal = F.hasLocalLinkage();
  if (const DISubprogram *SP = F.getSubprogram()) {
    Shape->Directory = SP->getDirectory().str();
    Shape->File = SP->getFilename().str();
    Shape->Line = SP->getLine();
  }
  isInstrumentable(F, Shape->Uninstrumented);
  Shape->LabelsOutlive = howLabelsOutliveCalls(F);
  if (std::string Why = whichGotoHasNoTable(F); !Why.empty())
    Shape->NoRebuild = "it " + Why;
  return Shape;
}

/// A function that is left as it is must stay a physical frame: inlined, its
/// calls would carry the caller's state without its own. Its personality tells
/// it from a frame that has no record because it has nothing left to do.
static void leaveAlone(const FunctionShape &Shape, const UpdateReach &Reach) {
  if (Reach.mayUpdate(*Shape.F)) {
    Shape.F->removeFnAttr(Attribute::AlwaysInline);
    Shape.F->addFnAttr(Attribute::NoInline);
    if (!Shape.F->hasPersonalityFn() &&
        !Shape.F->hasFnAttribute(Attribute::Naked))
      Shape.F->setPersonalityFn(cast<Constant>(
          Shape.F->getParent()
              ->getOrInsertFunction(
                  UPSTARE_UNINSTRUMENTED_NAME,
                  FunctionType::get(Type::getInt32Ty(Shape.F->getContext()),
                                    true))
              .getCallee()));
  }
  // Helpers of the front end have no debug information and no user to tell; no
  // update finds a function active that neither asks for one nor calls out.
  if (!Shape.F->getSubprogram() ||
      (isTakenForLibrary(*Shape.F) && !Reach.mayUpdate(*Shape.F)))
    remark(*Shape.F, "Uninstrumented", true,
           "not instrumented: " + Shape.Uninstrumented);
  else
    warn(*Shape.F, "not instrumented, since " + Shape.Uninstrumented +
                       "; while it is on the stack, updates wait");
}

static void checkFunction(Function &F) {
  std::string Text;
  raw_string_ostream OS(Text);
  if (verifyFunction(F, &OS))
    error(*F.getParent(), "internal error: broken code for '" + F.getName() +
                              "': " + Text + "; please report this");
}

/// Points, frame, bundles and, on request, the clone of one function.
static void instrument(FunctionShape &Shape, const UpdateReach &Reach,
                       FieldNames &Fields, const Options &Opts) {
  Function &F = *Shape.F;
  PrettyStackTraceFormat Trace("UpStare: early stage on '%s'",
                               F.getName().str().c_str());
  Shape.Points = findPoints(F, Reach, Opts);
  if (Shape.Points.empty())
    return;
  keepArgumentList(F, Shape.Points);
  Shape.Setjmps = recordEnvironments(F, Fields);
  demoteLiveValues(F, Fields, Shape.Points, Shape.Setjmps);
  FrameState State = describeFrame(Shape, Opts);
  if (Opts.RebuildClones)
    makeRebuildClone(Shape, State);
  attachBundles(Shape, State);
  checkFunction(F);
  if (Shape.Rebuild)
    checkFunction(*Shape.Rebuild);
  remark(F, "Frame", false,
         Twine(Shape.Points.size()) + " continuation points, " +
             Twine(Shape.Members.size()) + " frame members, record of " +
             Twine(Shape.RecordSize) + " bytes");
}

static void warnOfLabels(const FunctionShape &Shape) {
  if (!Shape.LabelsOutlive.empty())
    warn(*Shape.F,
         Shape.LabelsOutlive +
             ", so that they may be used in a "
             "later call: a program with this function takes no update");
}

static ModuleShape instrumentFunctions(Module &M, const Options &Opts) {
  UpdateReach Reach(M);
  relaxAttributes(M, Reach);
  FieldNames Fields(M);
  SmallVector<Function *> Functions;
  for (Function &F : M)
    if (!F.isDeclaration() && !isRuntimeFunction(F))
      Functions.push_back(&F);
  ModuleShape Shapes;
  for (Function *F : Functions) {
    auto Shape = shapeOf(*F);
    warnOfLabels(*Shape);
    if (Shape->Uninstrumented.empty())
      instrument(*Shape, Reach, Fields, Opts);
    else
      leaveAlone(*Shape, Reach);
    Shapes.Functions.push_back(std::move(Shape));
  }
  removeLoopHeads(M);
  return Shapes;
}

static void makeLabelTables(Module &M) {
  for (Function &F : M)
    if (std::string Why; isInstrumentable(F, Why))
      makeLabelTables(F);
}

ModuleShape runEarlyStage(Module &M, ModuleAnalysisManager &MAM,
                          const Options &Opts) {
  if (M.getModuleFlag(ModuleFlag))
    return {};
  if (definesFunctions(M) && M.debug_compile_units().empty()) {
    warn(M, M.getSourceFileName() +
                ": not instrumented, since it has no debug information; "
                "compile with -g (upstare-cc does)");
    return {};
  }
  makeLabelTables(M);
  bool Embed = Opts.EmbedBitcode && !Opts.RebuildClones;
  SmallVector<char, 0> Bitcode;
  if (Embed)
    Bitcode = writeBitcode(M);
  M.addModuleFlag(Module::Max, ModuleFlag, UPSTARE_ABI_VERSION);

  redirectBlockingCalls(M);
  keepAllocatorFrames(M);
  // -fsanitize=function puts words in front of the code, which then has not the
  // alignment that entries need; without them it checks nothing.
  for (Function &F : M)
    F.setMetadata(LLVMContext::MD_func_sanitize, nullptr);
  bool HasMain = renameMain(M);
  UpdateReach Reach(M);
  insertUpdatePoints(M, functionAnalyses(M, MAM), Reach, Opts);
  ModuleShape Shapes = instrumentFunctions(M, Opts);
  if (Opts.RebuildClones)
    return Shapes;
  if (HasMain)
    emitMain(M);
  if (definesFunctions(M))
    emitImageConstructor(M);
  if (Embed)
    embedModule(M, Bitcode, Opts, Shapes);
  return Shapes;
}

void runLateStage(Module &M, ModuleAnalysisManager &MAM, const Options &Opts) {
  if (M.getModuleFlag(LoweredFlag))
    return;
  PadStatistics Pads = lowerBundles(M);
  if (Pads.Pads + Pads.Dropped == 0 && !M.getModuleFlag(ModuleFlag))
    return;
  M.addModuleFlag(Module::Max, LoweredFlag, UPSTARE_ABI_VERSION);
  for (Function &F : M)
    if (!F.isDeclaration())
      checkFunction(F);
  if (Opts.RebuildClones || !Opts.EmbedBitcode)
    return;
  // Dead functions first, or listing their addresses would keep them.
  if (Opts.Level != "0")
    GlobalDCEPass().run(M, MAM);
  embedFunctions(M);
}

//===----------------------------------------------------------------------===//
// Stages one by one, for opt
//===----------------------------------------------------------------------===//

static void forEachInstrumentable(
    Module &M, const Options &Opts,
    function_ref<void(FunctionShape &, const UpdateReach &)> Do) {
  UpdateReach Reach(M);
  SmallVector<Function *> Functions;
  for (Function &F : M)
    if (std::string Why; isInstrumentable(F, Why))
      Functions.push_back(&F);
  for (Function *F : Functions) {
    auto Shape = shapeOf(*F);
    Shape->Points = findPoints(*F, Reach, Opts);
    Do(*Shape, Reach);
    checkFunction(*F);
  }
}

namespace {
using StageFunction = void (*)(Module &, ModuleAnalysisManager &,
                               const Options &);
struct Stage {
  StringRef Name;
  StageFunction Run;
};
} // namespace

static const Stage Stages[] = {
    {"upstare-early", [](Module &M, ModuleAnalysisManager &MAM,
                         const Options &Opts) { runEarlyStage(M, MAM, Opts); }},
    {"upstare-late", [](Module &M, ModuleAnalysisManager &MAM,
                        const Options &Opts) { runLateStage(M, MAM, Opts); }},
    {"upstare-label-tables", [](Module &M, ModuleAnalysisManager &,
                                const Options &) { makeLabelTables(M); }},
    {"upstare-blocking-calls",
     [](Module &M, ModuleAnalysisManager &, const Options &) {
       redirectBlockingCalls(M);
     }},
    {"upstare-update-points",
     [](Module &M, ModuleAnalysisManager &MAM, const Options &Opts) {
       UpdateReach Reach(M);
       insertUpdatePoints(M, functionAnalyses(M, MAM), Reach, Opts);
     }},
    {"upstare-demote",
     [](Module &M, ModuleAnalysisManager &, const Options &Opts) {
       FieldNames Fields(M);
       forEachInstrumentable(M, Opts,
                             [&](FunctionShape &S, const UpdateReach &) {
                               demoteLiveValues(*S.F, Fields, S.Points);
                             });
     }},
    {"upstare-bundles",
     [](Module &M, ModuleAnalysisManager &, const Options &Opts) {
       forEachInstrumentable(M, Opts,
                             [&](FunctionShape &S, const UpdateReach &) {
                               attachBundles(S, describeFrame(S, Opts));
                             });
       removeLoopHeads(M);
     }},
    {"upstare-rebuild-clones",
     [](Module &M, ModuleAnalysisManager &, const Options &Opts) {
       forEachInstrumentable(
           M, Opts, [&](FunctionShape &S, const UpdateReach &) {
             makeRebuildClone(S, describeFrame(S, Opts));
             if (!S.NoRebuild.empty())
               remark(*S.F, "NoRebuild", true, "no clone: " + S.NoRebuild);
             else if (S.Rebuild)
               checkFunction(*S.Rebuild);
           });
     }},
    {"upstare-entry",
     [](Module &M, ModuleAnalysisManager &, const Options &) {
       if (renameMain(M))
         emitMain(M);
       emitImageConstructor(M);
     }},
    {"upstare-embed",
     [](Module &M, ModuleAnalysisManager &, const Options &Opts) {
       embedModule(M, writeBitcode(M), Opts, ModuleShape());
     }},
    {"upstare-pads", [](Module &M, ModuleAnalysisManager &,
                        const Options &) { lowerBundles(M); }},
};

ArrayRef<StringRef> stageNames() {
  static const auto Names = [] {
    SmallVector<StringRef, 12> List;
    for (const Stage &S : Stages)
      List.push_back(S.Name);
    return List;
  }();
  return Names;
}

void runStage(StringRef Name, Module &M, ModuleAnalysisManager &MAM,
              const Options &Opts) {
  for (const Stage &S : Stages)
    if (S.Name == Name)
      S.Run(M, MAM, Opts);
}

} // namespace upstare
