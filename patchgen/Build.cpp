//===- Build.cpp - objects of the patch's code ----------------------------===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The modules of NEW, bound, optimised, lowered and compiled: one object each.
// Modules have contexts of their own, so that they are built in parallel.
//
//===----------------------------------------------------------------------===//

#include "Build.h"
#include "Instrument.h"
#include "Names.h"
#include "Pipeline.h"
#include "Stages.h"
#include "llvm/AsmParser/Parser.h"
#include "llvm/IR/Verifier.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/raw_ostream.h"
#include <mutex>

using namespace llvm;
using namespace upstare;
using namespace upstare::patchgen;

static Error writeObject(Module &M, TargetMachine &TM, const Twine &Path,
                         StackSizes *Rebuilds = nullptr) {
  auto Object = generateObject(M, TM);
  if (!Object)
    return Object.takeError();
  if (Rebuilds)
    if (Error E = readStackSizes(
            MemoryBufferRef(StringRef(Object->data(), Object->size()), ""),
            RebuildPrefix, *Rebuilds))
      return E;
  std::error_code EC;
  raw_fd_ostream OS(Path.str(), EC);
  if (EC)
    return badInput(Path, EC.message());
  OS << StringRef(Object->data(), Object->size());
  return Error::success();
}

static Error checkModule(const Unit &U, StringRef When) {
  std::string Text;
  raw_string_ostream OS(Text);
  if (verifyModule(*U.M, &OS))
    return badInput(U.SourcePath, "internal error: broken code " + When + ": " +
                                      Text + "; please report this");
  return Error::success();
}

static Error buildUnit(Unit &U, UnitBinder &Binder, const Twine &Path,
                       StackSizes &Rebuilds) {
  auto TM = targetMachineFor(*U.M, U.Opts.Level);
  if (!TM)
    return badInput(U.SourcePath, toString(TM.takeError()));
  U.M->setDataLayout((*TM)->createDataLayout());
  Binder.beforeOptimiser();
  if (Error E = checkModule(U, "before the optimiser"))
    return E;
  optimise(*U.M, **TM, U.Opts.Level, !U.Opts.PollCountedLoops,
           [&](Module &M, ModuleAnalysisManager &MAM) {
             runLateStage(M, MAM, U.Opts);
             Binder.atOptimiserEnd();
           });
  Binder.afterOptimiser();
  if (Error E = checkModule(U, "after the optimiser"))
    return E;
  if (Error E = writeObject(*U.M, **TM, Path, &Rebuilds))
    return E;
  if (!U.Errors.empty())
    return badInput(U.SourcePath, U.Errors);
  return Error::success();
}

Expected<BuiltCode> patchgen::buildCode(const Program &Old, Program &New,
                                        const PatchPlan &Plan,
                                        const ExternalSymbols &Externals,
                                        const TempFolder &Temp, unsigned Jobs) {
  if (llvm::any_of(New.Units,
                   [](const auto &U) { return U->Opts.ColdSplitting; }) &&
      !enableColdSplitting())
    return badInput("upstare-patchgen",
                    "this LLVM cannot move landing pads out of hot code");
  BuiltCode Code;
  std::map<const Unit *, size_t> Index;
  for (auto &U : New.Units) {
    Index[U.get()] = Code.Objects.size();
    Code.Objects.push_back(
        Temp.file("unit" + Twine(Code.Objects.size()) + ".o"));
  }
  std::mutex Mutex;
  if (Error E = forEachUnit(New, Jobs, [&](Unit &U) -> Error {
        UnitBinder Binder(U, Old, New, Plan, Externals);
        StackSizes Rebuilds;
        if (Error E = buildUnit(U, Binder, Code.Objects[Index[&U]], Rebuilds))
          return E;
        std::lock_guard<std::mutex> Lock(Mutex);
        for (const auto &Entry : Rebuilds)
          Code.Rebuilds[Entry.first()] = Entry.second;
        Code.Functions.insert(Binder.Defined.begin(), Binder.Defined.end());
        Code.CanonicalUsed.insert(Binder.CanonicalUsed.begin(),
                                  Binder.CanonicalUsed.end());
        return Error::success();
      }))
    return std::move(E);
  return Code;
}

Expected<std::string> patchgen::buildOverride(OverrideFile &Override,
                                              const Program &New,
                                              const PatchPlan &Plan,
                                              const ExternalSymbols &Externals,
                                              const TempFolder &Temp) {
  std::string Path = Temp.file("override.o");
  bindForeignModule(*Override.M, New, Plan, Externals);
  auto TM = targetMachineFor(*Override.M, "2");
  if (!TM)
    return badInput(Override.Path, toString(TM.takeError()));
  optimise(*Override.M, **TM, "2", /*ThinPolls=*/false,
           [](Module &, ModuleAnalysisManager &) {});
  if (Error E = writeObject(*Override.M, **TM, Path))
    return std::move(E);
  return Path;
}

Expected<std::string> patchgen::buildSupport(const Program &New,
                                             const TempFolder &Temp) {
  LLVMContext Context;
  SMDiagnostic Diagnostic;
  auto M = parseAssemblyString(
      "@__dso_handle = hidden global ptr @__dso_handle\n"
      "@__upstare_requested = linkonce hidden global i32 0\n"
      "@llvm.compiler.used = appending global [1 x ptr] "
      "[ptr @__upstare_requested], section \"llvm.metadata\"\n",
      Diagnostic, Context);
  const Module &Model = *New.Units.front()->M;
  M->setTargetTriple(Model.getTargetTriple());
  auto TM = targetMachineFor(*M, "0");
  if (!TM)
    return badInput(New.path(), toString(TM.takeError()));
  M->setDataLayout((*TM)->createDataLayout());
  std::string Path = Temp.file("support.o");
  if (Error E = writeObject(*M, **TM, Path))
    return std::move(E);
  return Path;
}
