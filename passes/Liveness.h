//===- Liveness.h - what a record must hold at each point -*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Liveness of frame members at continuation points. Invalidated by any change
// to the function.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_PASSES_LIVENESS_H
#define UPSTARE_PASSES_LIVENESS_H

#include "FrameLayout.h"
#include "Options.h"

namespace upstare {

/// Per point: which leaves of by-value members are recorded. Fills Point::Live
/// for all members.
std::vector<llvm::BitVector> computeLiveness(llvm::Function &F,
                                             const FrameLayout &Frame,
                                             std::vector<Point> &Points,
                                             llvm::ArrayRef<SetjmpSite> Setjmps,
                                             const Options &Opts);

} // namespace upstare

#endif // UPSTARE_PASSES_LIVENESS_H
