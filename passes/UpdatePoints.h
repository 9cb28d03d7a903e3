//===- UpdatePoints.h - where the program asks whether an update waits -*- C++
//-*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Insertion of update points.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_PASSES_UPDATEPOINTS_H
#define UPSTARE_PASSES_UPDATEPOINTS_H

#include "Continuations.h"
#include "llvm/IR/PassManager.h"

namespace upstare {

/// Inserts update points into all instrumentable functions, callees first, and
/// keeps Reach up to date. Returns how many.
unsigned insertUpdatePoints(llvm::Module &M, llvm::FunctionAnalysisManager &FAM,
                            UpdateReach &Reach, const Options &Opts);

} // namespace upstare

#endif // UPSTARE_PASSES_UPDATEPOINTS_H
