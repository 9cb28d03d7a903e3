//===- LabelJumps.h - computed gotos -*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Jumps through tables of label addresses, as interpreters have them.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_PASSES_LABELJUMPS_H
#define UPSTARE_PASSES_LABELJUMPS_H

#include "llvm/IR/Function.h"
#include "llvm/Transforms/Utils/ValueMapper.h"

namespace upstare {

/// Makes the computed gotos of F's clone go to the clone's blocks; all of them
/// read their labels from tables (LabelUses.h). Map takes blocks of F to blocks
/// of the clone.
void redirectLabelJumps(llvm::Function &F, llvm::Function &Clone,
                        llvm::ValueToValueMapTy &Map);

} // namespace upstare

#endif // UPSTARE_PASSES_LABELJUMPS_H
