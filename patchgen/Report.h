//===- Report.h - what the user gets to read ---------------------*- C++
//-*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What changes between the two programs, and how will the running one follow?
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_PATCHGEN_REPORT_H
#define UPSTARE_PATCHGEN_REPORT_H

#include "Analysis.h"

namespace upstare::patchgen {

struct ReportInput {
  const Program &Old, &New;
  const Analysis &A;
  std::string Output; // "": none was asked for
};

void printReport(llvm::raw_ostream &OS, const ReportInput &In);
void printJsonReport(llvm::raw_ostream &OS, const ReportInput &In);
/// Missing pieces and warnings.
void printMessages(llvm::raw_ostream &OS, const Problems &Found);
/// --print-points.
void printPoints(llvm::raw_ostream &OS, const Analysis &A);

} // namespace upstare::patchgen

#endif // UPSTARE_PATCHGEN_REPORT_H
