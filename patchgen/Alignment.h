//===- Alignment.h - two sequences of continuation points --------*- C++
//-*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which items of two sequences correspond, if order is kept? Knows nothing of
// LLVM.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_PATCHGEN_ALIGNMENT_H
#define UPSTARE_PATCHGEN_ALIGNMENT_H

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace upstare::patchgen {

struct AlignmentItem {
  /// Only items with equal identity can be paired.
  std::string Identity;
  /// The loops around it, outermost first, by numbers within its sequence.
  std::vector<unsigned> Loops;
  /// Names of the variables that live there.
  std::set<std::string> Live;

  bool operator==(const AlignmentItem &Other) const {
    return Identity == Other.Identity && Loops == Other.Loops;
  }
};

/// For each item of Old, the index in New that it is paired with.
std::vector<std::optional<unsigned>>
align(const std::vector<AlignmentItem> &Old,
      const std::vector<AlignmentItem> &New);

} // namespace upstare::patchgen

#endif // UPSTARE_PATCHGEN_ALIGNMENT_H
