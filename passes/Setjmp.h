//===- Setjmp.h - frames that longjmp comes back to -*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Calls of setjmp in a function, and what a rebuild clone needs to arm them
// again. Invalidated by any change to these calls.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_PASSES_SETJMP_H
#define UPSTARE_PASSES_SETJMP_H

#include "llvm/ADT/SmallVector.h"
#include "llvm/IR/Function.h"
#include "llvm/IR/Instructions.h"

namespace upstare {

/// One call of setjmp, and the alloca that holds its jmp_buf's address from the
/// time it has been armed (null before).
struct SetjmpSite {
  llvm::CallInst *Call = nullptr;
  llvm::AllocaInst *Environment = nullptr;
  /// The alloca of F that the jmp_buf is in, or null if it is elsewhere.
  llvm::AllocaInst *Buffer = nullptr;
};

/// Whether Call is a setjmp of the C library, in one of its forms.
bool isSetjmp(const llvm::CallBase &Call);

/// Makes F remember which jmp_bufs it has armed.
llvm::SmallVector<SetjmpSite, 1> recordEnvironments(llvm::Function &F);

/// Whether A is the Environment of a site: recorded at all points.
bool isEnvironment(const llvm::AllocaInst &A);

} // namespace upstare

#endif // UPSTARE_PASSES_SETJMP_H
