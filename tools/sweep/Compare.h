//===- Compare.h - the first difference of two outputs ------------*- C++
//-*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_TOOLS_SWEEP_COMPARE_H
#define UPSTARE_TOOLS_SWEEP_COMPARE_H

#include <string>

namespace upstare {

/// The first line that differs, with the lines before it and what follows in
/// both, as a small diff; empty if the texts are equal.
std::string firstDifference(const std::string &Expected,
                            const std::string &Actual);

} // namespace upstare

#endif // UPSTARE_TOOLS_SWEEP_COMPARE_H
