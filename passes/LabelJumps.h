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

/// Makes F keep positions in its label tables, not labels, from one computed
/// goto to the block that all of them share. Before update points are inserted.
void sinkLabelLoads(llvm::Function &F);

/// Why F's labels cannot be told apart in another version of it, or "".
std::string labelsEscape(const llvm::Function &F);

/// Makes the computed gotos of F's clone go to the clone's blocks; labels of F
/// must not escape. Map takes blocks of F to blocks of the clone. False if a
/// jump cannot be redirected.
bool redirectLabelJumps(llvm::Function &F, llvm::Function &Clone,
                        llvm::ValueToValueMapTy &Map);

} // namespace upstare

#endif // UPSTARE_PASSES_LABELJUMPS_H
