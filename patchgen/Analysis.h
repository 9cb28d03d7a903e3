//===- Analysis.h - everything decided about a patch -------------*- C++
//-*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What becomes of each function, frame, point and global? All decisions, before
// any module is changed; the report prints them, the tables carry them out.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_PATCHGEN_ANALYSIS_H
#define UPSTARE_PATCHGEN_ANALYSIS_H

#include "EmitTables.h"
#include "Plan.h"
#include "Points.h"
#include "RemovedFunctions.h"

namespace upstare::patchgen {

struct Analysis {
  ProgramMatch Match;
  std::vector<FunctionPoints> Points;
  /// Index of Transformers::addFrame for each entry of Points; -1: none.
  std::vector<int> Frames;
  Transformers Types;
  PatchPlan Plan;
  RemovedFunctions Removed;
  Problems Found;
};

/// Override may be empty. Both programs have been through the early stage.
llvm::Expected<std::unique_ptr<Analysis>> analyse(const Program &Old,
                                                  const Program &New,
                                                  const OverrideFile &Override,
                                                  RemovalPolicy Policy);

} // namespace upstare::patchgen

#endif // UPSTARE_PATCHGEN_ANALYSIS_H
