//===- Alignment.cpp - two sequences of continuation points ---------------===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which items of two sequences correspond, if order is kept? The pairing with
// the highest sum of weights. A pair is worth a fixed amount, so that as many
// points as possible are paired; what makes two points alike decides which:
//   the loops around them hold the same calls   up to 4
//   they are as deep in loops                   up to 2
//   the same variables live there               up to 2
// A shared loop weighs most: update points and repeated calls of one function
// differ in nothing else when a loop is added before them.
//
//===----------------------------------------------------------------------===//

#include "Alignment.h"
#include <algorithm>
#include <map>

using namespace upstare::patchgen;

namespace {

constexpr double PairWeight = 10, LoopWeight = 4, DepthWeight = 2,
                 LiveWeight = 2;

using Bag = std::multiset<std::string>;

template <typename Set> double overlap(const Set &A, const Set &B) {
  if (A.empty() && B.empty())
    return 1;
  std::vector<std::string> Common;
  std::set_intersection(A.begin(), A.end(), B.begin(), B.end(),
                        std::back_inserter(Common));
  return 2.0 * Common.size() / (A.size() + B.size());
}

/// What each loop of a sequence contains, inner loops included.
std::map<unsigned, Bag> loopContents(const std::vector<AlignmentItem> &Items) {
  std::map<unsigned, Bag> Contents;
  for (const AlignmentItem &Item : Items)
    for (unsigned Loop : Item.Loops)
      Contents[Loop].insert(Item.Identity);
  return Contents;
}

class Weigher {
public:
  Weigher(const std::vector<AlignmentItem> &Old,
          const std::vector<AlignmentItem> &New)
      : OldLoops(loopContents(Old)), NewLoops(loopContents(New)) {}

  /// 0: cannot be paired.
  double weight(const AlignmentItem &Old, const AlignmentItem &New) const {
    if (Old.Identity != New.Identity)
      return 0;
    double Depth =
        std::abs(double(Old.Loops.size()) - double(New.Loops.size()));
    return PairWeight + LoopWeight * loops(Old, New) +
           DepthWeight / (1 + Depth) + LiveWeight * overlap(Old.Live, New.Live);
  }

private:
  /// How alike the loops are, compared from the innermost out.
  double loops(const AlignmentItem &Old, const AlignmentItem &New) const {
    size_t Depth = std::min(Old.Loops.size(), New.Loops.size());
    if (!Depth)
      return Old.Loops.size() == New.Loops.size();
    double Sum = 0;
    for (size_t I = 1; I <= Depth; ++I)
      Sum += overlap(OldLoops.at(Old.Loops[Old.Loops.size() - I]),
                     NewLoops.at(New.Loops[New.Loops.size() - I]));
    return Sum / Depth;
  }

  std::map<unsigned, Bag> OldLoops, NewLoops;
};

} // namespace

std::vector<std::optional<unsigned>>
upstare::patchgen::align(const std::vector<AlignmentItem> &Old,
                         const std::vector<AlignmentItem> &New) {
  std::vector<std::optional<unsigned>> Result(Old.size());
  if (Old == New) {
    for (unsigned I = 0; I != Old.size(); ++I)
      Result[I] = I;
    return Result;
  }
  // Best[I][J]: the best sum for the items from I and from J on.
  Weigher W(Old, New);
  size_t Rows = Old.size(), Columns = New.size();
  std::vector<std::vector<double>> Best(Rows + 1,
                                        std::vector<double>(Columns + 1));
  for (size_t I = Rows; I-- > 0;)
    for (size_t J = Columns; J-- > 0;) {
      double Weight = W.weight(Old[I], New[J]);
      double Pair = Weight > 0 ? Weight + Best[I + 1][J + 1] : 0;
      Best[I][J] = std::max({Best[I + 1][J], Best[I][J + 1], Pair});
    }
  for (size_t I = 0, J = 0; I < Rows && J < Columns;) {
    double Weight = W.weight(Old[I], New[J]);
    if (Weight > 0 && Best[I][J] == Weight + Best[I + 1][J + 1]) {
      Result[I++] = J++;
    } else if (Best[I][J] == Best[I + 1][J]) {
      ++I;
    } else {
      ++J;
    }
  }
  return Result;
}
