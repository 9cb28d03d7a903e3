//===- LabelUses.h - where addresses of labels get to -----------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Of functions with computed gotos, after makeLabelTables(). Both answers are
// texts that go on "it …", or "".
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_PASSES_LABELUSES_H
#define UPSTARE_PASSES_LABELUSES_H

#include "llvm/IR/Function.h"
#include <string>

namespace upstare {

/// How addresses of F's labels, or distances between them, may get to memory
/// that outlives a call of F. A later call that jumps to one would go on in the
/// version of F that has put it there.
std::string howLabelsOutliveCalls(const llvm::Function &F);

/// Which computed goto of F goes to something else than a label read from a
/// constant table right before: it could be a label of another version.
std::string whichGotoHasNoTable(const llvm::Function &F);

} // namespace upstare

#endif // UPSTARE_PASSES_LABELUSES_H
