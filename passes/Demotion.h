//===- Demotion.h - values that live across continuation points -*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Puts SSA values that are live across a continuation point into allocas of
// their own.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_PASSES_DEMOTION_H
#define UPSTARE_PASSES_DEMOTION_H

#include "Setjmp.h"
#include "Shape.h"
#include "TemporaryNames.h"

namespace upstare {

/// The source variables of F's allocas and arguments, from debug records and
/// debug intrinsics (#dbg_declare, and #dbg_assign at -O1 and above).
llvm::DenseMap<const llvm::Value *, const llvm::DILocalVariable *>
variablesOf(llvm::Function &F);

/// Demotes; points stay valid. Calls of setjmp count as points, since control
/// comes back behind them. Returns how many values.
unsigned demoteLiveValues(llvm::Function &F, FieldNames &Fields,
                          llvm::ArrayRef<Point> Points,
                          llvm::ArrayRef<SetjmpSite> Setjmps = {});

/// Makes A a temporary of that description.
void markTemporary(llvm::AllocaInst &A, llvm::StringRef Name);

/// What a temporary's alloca holds ("%add(load(x),1)"), or "" for others.
std::string temporaryName(const llvm::AllocaInst &A);

/// The variable-length array whose address A holds, or null.
const llvm::DILocalVariable *arrayOf(const llvm::AllocaInst &A);

} // namespace upstare

#endif // UPSTARE_PASSES_DEMOTION_H
