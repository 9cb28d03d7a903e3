//===- LabelTables.h - computed gotos by way of tables ----------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The address of a label is an address in the code of one version. A position
// in a constant table of labels is data, which patchgen forwards to the table
// of the next version.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_PASSES_LABELTABLES_H
#define UPSTARE_PASSES_LABELTABLES_H

#include "llvm/ADT/SmallVector.h"
#include "llvm/IR/Function.h"
#include "llvm/IR/GlobalVariable.h"

namespace upstare {

/// Makes F's computed gotos read their labels from constant tables, right
/// before they jump, as far as possible. Before the module is stored, since the
/// tables are variables of it. Doing it again changes nothing.
void makeLabelTables(llvm::Function &F);

/// Whether F has computed gotos (labels that are never jumped to are numbers).
bool hasComputedGotos(const llvm::Function &F);

/// Whether Init has labels of F as elements (of elements), and no label is
/// anything else in it.
bool isLabelTable(const llvm::Constant &Init, const llvm::Function &F);

/// The constant variables whose initialisers are tables of F's labels.
llvm::SmallVector<llvm::GlobalVariable *, 2>
labelTables(const llvm::Function &F);

} // namespace upstare

#endif // UPSTARE_PASSES_LABELTABLES_H
