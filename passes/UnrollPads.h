//===- UnrollPads.h - bundles become landing pads -*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The late lowering of state bundles.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_PASSES_UNROLLPADS_H
#define UPSTARE_PASSES_UNROLLPADS_H

#include "llvm/IR/Module.h"

namespace upstare {

struct PadStatistics {
  unsigned Pads = 0, Frames = 0, Dropped = 0;
};

PadStatistics lowerBundles(llvm::Module &M);

} // namespace upstare

#endif // UPSTARE_PASSES_UNROLLPADS_H
