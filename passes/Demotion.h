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

/// Makes an alloca a temporary of that description ("%add(load(x),1)"), or says
/// what a value is to be called if it is demoted.
void markTemporary(llvm::Instruction &I, llvm::StringRef Name);

/// What markTemporary() has said, or "".
std::string temporaryName(const llvm::Instruction &I);

/// The variable-length array whose address A holds, or null.
const llvm::DILocalVariable *arrayOf(const llvm::AllocaInst &A);

} // namespace upstare

#endif // UPSTARE_PASSES_DEMOTION_H
