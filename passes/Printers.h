//===- Printers.h - facts on request -*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Prints what the early stage would find in a module, without changing it.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_PASSES_PRINTERS_H
#define UPSTARE_PASSES_PRINTERS_H

#include "Options.h"
#include "Shape.h"
#include "llvm/IR/PassManager.h"
#include "llvm/Support/raw_ostream.h"

namespace upstare {

void printFrames(const ModuleShape &Shapes, llvm::raw_ostream &OS);
void printPoints(const ModuleShape &Shapes, llvm::raw_ostream &OS);

/// Runs the early stage on a copy of M and hands its facts to Print.
void inspect(llvm::Module &M, llvm::ModuleAnalysisManager &MAM,
             const Options &Opts,
             void (*Print)(const ModuleShape &, llvm::raw_ostream &));

} // namespace upstare

#endif // UPSTARE_PASSES_PRINTERS_H
