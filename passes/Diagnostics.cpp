//===- Diagnostics.cpp - what the passes say to people -*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// See Diagnostics.h.
//
//===----------------------------------------------------------------------===//

#include "Diagnostics.h"
#include "Names.h"
#include "llvm/Analysis/OptimizationRemarkEmitter.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/DiagnosticInfo.h"
#include "llvm/IR/DiagnosticPrinter.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace upstare {

namespace {
class Diagnostic : public DiagnosticInfo {
public:
  Diagnostic(const Twine &Text, DiagnosticSeverity Severity)
      : DiagnosticInfo(kind(), Severity), Text(("upstare: " + Text).str()) {}
  void print(DiagnosticPrinter &Printer) const override { Printer << Text; }

private:
  static int kind() {
    static const int Kind = getNextAvailablePluginDiagnosticKind();
    return Kind;
  }
  std::string Text;
};
} // namespace

static void diagnose(const Module &M, const Twine &Text,
                     DiagnosticSeverity Severity) {
  M.getContext().diagnose(Diagnostic(Text, Severity));
}

void warn(const Module &M, const Twine &Text) { diagnose(M, Text, DS_Warning); }

void error(const Module &M, const Twine &Text) { diagnose(M, Text, DS_Error); }

void warn(const Function &F, const Twine &Text) {
  std::string Where = F.getParent()->getSourceFileName();
  if (const DISubprogram *SP = F.getSubprogram())
    Where = (SP->getFilename() + ":" + Twine(SP->getLine())).str();
  warn(*F.getParent(),
       Where + ": in function '" + sourceName(F) + "': " + Text);
}

void remark(Function &F, StringRef Id, bool Missed, const Twine &Text) {
  OptimizationRemarkEmitter Emitter(&F);
  DiagnosticLocation Where(F.getSubprogram());
  const BasicBlock *Block = F.empty() ? nullptr : &F.getEntryBlock();
  if (Missed)
    Emitter.emit([&] {
      return OptimizationRemarkMissed("upstare", Id, Where, Block)
             << Text.str();
    });
  else
    Emitter.emit([&] {
      return OptimizationRemark("upstare", Id, Where, Block) << Text.str();
    });
}

} // namespace upstare
