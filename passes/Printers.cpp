//===- Printers.cpp - facts on request -*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// See Printers.h.
//
//===----------------------------------------------------------------------===//

#include "Printers.h"
#include "Stages.h"
#include "llvm/IR/Module.h"
#include "llvm/Transforms/Utils/Cloning.h"

using namespace llvm;

namespace upstare {

static void printType(const Member &M, raw_ostream &OS) {
  if (M.ValueType)
    M.ValueType->print(OS, false, true);
  else
    OS << "?";
}

void printFrames(const ModuleShape &Shapes, raw_ostream &OS) {
  for (const auto &Shape : Shapes.Functions) {
    OS << "frame " << Shape->Name;
    if (!Shape->Uninstrumented.empty()) {
      OS << ": not instrumented: " << Shape->Uninstrumented << "\n";
      continue;
    }
    OS << " size " << Shape->RecordSize << "\n";
    for (const Member &M : Shape->Members) {
      OS << "  +" << M.Offset
         << (M.Kind == MemberKind::Pinned ? " pinned " : " value ");
      printType(M, OS);
      OS << " " << M.Name;
      if (M.Line)
        OS << " line " << M.Line;
      OS << "\n";
    }
  }
}

void printPoints(const ModuleShape &Shapes, raw_ostream &OS) {
  static const char *const Kinds[] = {"call", "blocking call", "update point",
                                      "loop head"};
  for (const auto &Shape : Shapes.Functions) {
    if (Shape->Points.empty())
      continue;
    OS << "points " << Shape->Name << "\n";
    for (const Point &P : Shape->Points) {
      OS << "  " << P.Number << ": " << Kinds[static_cast<int>(P.Kind)];
      if (!P.Callee.empty())
        OS << " " << P.Callee << "#" << P.Occurrence;
      OS << " line " << P.Line;
      if (!P.Loops.empty()) {
        OS << " loops";
        for (unsigned L : P.Loops)
          OS << " " << L;
      }
      if (P.TailPosition)
        OS << " tail";
      OS << " live";
      for (unsigned I : P.Live.set_bits())
        OS << " " << Shape->Members[I].Name;
      OS << "\n";
    }
  }
}

void inspect(Module &M, ModuleAnalysisManager &MAM, const Options &Opts,
             void (*Print)(const ModuleShape &, raw_ostream &)) {
  std::unique_ptr<Module> Copy = CloneModule(M);
  Print(runEarlyStage(*Copy, MAM, Opts), outs());
  MAM.clear(*Copy, Copy->getName());
}

} // namespace upstare
