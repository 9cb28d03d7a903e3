//===- Instrument.cpp - the early stage over a whole program --------------===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which frames and continuation points does each function have?
//
//===----------------------------------------------------------------------===//

#include "Instrument.h"
#include "Names.h"
#include "Pipeline.h"
#include "Problems.h"
#include "Stages.h"
#include "llvm/IR/DiagnosticInfo.h"
#include "llvm/IR/DiagnosticPrinter.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/ThreadPool.h"
#include "llvm/Support/raw_ostream.h"
#include <mutex>

using namespace llvm;
using namespace upstare;
using namespace upstare::patchgen;

namespace {

/// Keeps errors. Warnings and remarks were shown when the program was compiled.
struct ErrorsOnly : DiagnosticHandler {
  std::string &Errors;
  explicit ErrorsOnly(std::string &Errors) : Errors(Errors) {}
  bool handleDiagnostics(const DiagnosticInfo &Info) override {
    if (Info.getSeverity() == DS_Error) {
      raw_string_ostream OS(Errors);
      DiagnosticPrinterRawOStream Printer(OS);
      Info.print(Printer);
      OS << '\n';
    }
    return true;
  }
};

Error instrumentUnit(const Program &P, Unit &U, bool RebuildClones) {
  U.Opts.RebuildClones = RebuildClones;
  U.Context->setDiagnosticHandler(std::make_unique<ErrorsOnly>(U.Errors));
  auto TM = targetMachineFor(*U.M, U.Opts.Level);
  if (!TM)
    return badInput(P.path(), toString(TM.takeError()));
  Analyses A(*U.M, **TM, U.Opts.Level);
  U.Shapes = runEarlyStage(*U.M, A.Modules, U.Opts);
  if (!U.Errors.empty())
    return badInput(U.SourcePath, U.Errors);
  if (digestOf(U.Shapes) != U.Digest)
    return badInput(P.path(),
                    U.SourcePath +
                        " was compiled by another version of libUpStare.so, "
                        "which lays out frames differently; use the "
                        "upstare-patchgen of that version, or build it again");
  return Error::success();
}

} // namespace

Error patchgen::forEachUnit(Program &P, unsigned Jobs,
                            const std::function<Error(Unit &)> &Work) {
  DefaultThreadPool Pool(hardware_concurrency(Jobs));
  std::mutex Mutex;
  Error All = Error::success();
  for (auto &U : P.Units)
    Pool.async([&, Current = U.get()] {
      if (Error E = Work(*Current)) {
        std::lock_guard<std::mutex> Lock(Mutex);
        All = joinErrors(std::move(All), std::move(E));
      }
    });
  Pool.wait();
  return All;
}

Error patchgen::instrument(Program &P, bool RebuildClones, unsigned Jobs) {
  if (Error E = forEachUnit(P, Jobs, [&](Unit &U) {
        return instrumentUnit(P, U, RebuildClones);
      }))
    return E;
  for (auto &[Key, Def] : P.Functions)
    for (auto &Shape : Def.Owner->Shapes.Functions)
      if (Shape->Key == Key)
        Def.Shape = Shape.get();
  return Error::success();
}

std::string patchgen::placeOf(const FunctionDef &F) {
  const DISubprogram *Info = F.F->getSubprogram();
  if (!Info)
    return sys::path::filename(F.Owner->SourcePath).str();
  return sys::path::filename(Info->getFilename()).str() + ":" +
         std::to_string(Info->getLine());
}

std::string patchgen::placeIn(const FunctionShape &Shape, unsigned Line) {
  std::string Text = sys::path::filename(Shape.File).str();
  if (Line)
    Text += ":" + std::to_string(Line);
  return Text;
}

std::string patchgen::placeInFunction(const FunctionShape &Shape,
                                      unsigned Line) {
  return placeIn(Shape, Line) + ": in function '" + Shape.Name + "'";
}

const InlineAsm *patchgen::assemblerIn(const Instruction &I) {
  const auto *Call = dyn_cast<CallBase>(&I);
  return Call ? dyn_cast<InlineAsm>(Call->getCalledOperand()) : nullptr;
}

std::string patchgen::placeOf(const Instruction &I) {
  const Function &F = *I.getFunction();
  std::string Place = "in " + sourceName(F).str() + "()";
  if (const DebugLoc &L = I.getDebugLoc())
    Place +=
        " (" +
        sys::path::filename(cast<DIScope>(L.getScope())->getFilename()).str() +
        ":" + std::to_string(L.getLine()) + ")";
  return Place;
}

std::string patchgen::describePoint(const FunctionShape &Shape,
                                    const Point &P) {
  return Shape.Name + " (" + placeIn(Shape, P.Line) + ")";
}
