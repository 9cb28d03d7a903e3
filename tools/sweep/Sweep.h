//===- Sweep.h - an update at every point of a run ----------------*- C++
//-*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Runs the program once as it is, counts the update points that it reaches, and
// then runs it once for each of them with an update exactly there.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_TOOLS_SWEEP_SWEEP_H
#define UPSTARE_TOOLS_SWEEP_SWEEP_H

#include "Run.h"
#include <cstdint>
#include <string>

namespace upstare {

struct SweepOptions {
  Program What;
  std::string Patch;      // absolute
  std::string ExpectFile; // empty: the output of the run without update
  uint64_t Max = 0;       // 0: no limit
  uint64_t Step = 1;
  double Timeout = 0; // seconds; 0: ten times the plain run, and 10 s
  unsigned Jobs = 0;  // 0: one for each processor
  bool CompareMessages = false;
};

struct SweepResult {
  uint64_t Points = 0; // reached in the plain run
  uint64_t Tried = 0;
  uint64_t Applied = 0;
  uint64_t NotApplied = 0;
  uint64_t Different = 0;
  uint64_t FirstDifferent = 0; // its point
  std::string FirstDifference; // as text
  uint64_t FirstNotApplied = 0;
  std::string WhyNotApplied;

  bool isGood() const { return Applied && !Different; }
};

/// False, with a message, if the sweep itself is impossible.
bool sweep(const SweepOptions &Options, SweepResult &Result,
           std::string &Error);

} // namespace upstare

#endif // UPSTARE_TOOLS_SWEEP_SWEEP_H
