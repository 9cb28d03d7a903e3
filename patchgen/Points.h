//===- Points.h - where execution goes on in NEW -----------------*- C++
//-*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which continuation point of the new function continues each point of the old
// one? Equal sequences map one to one. Otherwise the two sequences are aligned
// (order kept, like a diff) for the highest sum of how alike paired points are:
// what they call, how deep in which loops, which variables live. The user's
// upstare_points has the last word.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_PATCHGEN_POINTS_H
#define UPSTARE_PATCHGEN_POINTS_H

#include "Match.h"
#include <optional>

namespace upstare::patchgen {

struct PointMapping {
  /// Number in NEW; none: not mapped, for Reason.
  std::optional<unsigned> New;
  std::string Reason;
  bool ByUser = false;
};

struct FunctionPoints {
  const FunctionDef *Old = nullptr;
  const FunctionDef *New = nullptr; // null: removed
  /// The sequences differ: an alignment was needed.
  bool Realigned = false;
  std::vector<PointMapping> Points; // by number in OLD
};

/// One entry for each function of OLD that has points.
std::vector<FunctionPoints> mapPoints(const Program &Old, const Program &New,
                                      const ProgramMatch &Match,
                                      const OverrideFile &Override,
                                      bool RefuseUnmapped, Problems &Out);

/// "call of foo()", "indirect call", "update point in a loop", …
std::string describeKind(const Point &P);

} // namespace upstare::patchgen

#endif // UPSTARE_PATCHGEN_POINTS_H
