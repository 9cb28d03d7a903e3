//===- RebuildClones.h - functions that begin in the middle -*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Rebuild clones, made for patches.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_PASSES_REBUILDCLONES_H
#define UPSTARE_PASSES_REBUILDCLONES_H

#include "StateBundles.h"

namespace upstare {

/// Makes f.rebuild for the function, before its own calls get bundles. On
/// failure Shape.Rebuild stays null and Shape.NoRebuild says why.
void makeRebuildClone(FunctionShape &Shape, const FrameState &State);

} // namespace upstare

#endif // UPSTARE_PASSES_REBUILDCLONES_H
