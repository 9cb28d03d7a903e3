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

#include "TemporaryNames.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/IR/Function.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Instructions.h"

namespace upstare {

/// One call of setjmp, and the allocas that hold its jmp_buf's address from the
/// time it has been armed (null before), and a stamp of what setjmp put there.
struct SetjmpSite {
  llvm::CallInst *Call = nullptr;
  llvm::AllocaInst *Environment = nullptr;
  llvm::AllocaInst *Stamp = nullptr;
  /// The alloca of F that the jmp_buf is in, or null if it is elsewhere.
  llvm::AllocaInst *Buffer = nullptr;
};

/// Whether Call is a setjmp of the C library, in one of its forms.
bool isSetjmp(const llvm::CallBase &Call);

/// Makes F remember which jmp_bufs it has armed.
llvm::SmallVector<SetjmpSite, 1> recordEnvironments(llvm::Function &F,
                                                    FieldNames &Fields);

/// What tells the present content of the jmp_buf at Buffer from another.
llvm::Value *stampOf(llvm::IRBuilder<> &B, llvm::Value *Buffer);

/// What follows a call of setjmp.
class BehindSetjmp {
public:
  explicit BehindSetjmp(const SetjmpSite &Site);
  /// Whether At can be reached from there.
  bool contains(const llvm::Instruction &At) const;

private:
  const SetjmpSite &Site;
  llvm::SmallPtrSet<const llvm::BasicBlock *, 16> Reached;
};

/// Names of the two temporaries begin so; the jmp_buf's description follows.
constexpr llvm::StringLiteral EnvironmentPrefix = "%setjmp(";
constexpr llvm::StringLiteral StampPrefix = "%armed(";

} // namespace upstare

#endif // UPSTARE_PASSES_SETJMP_H
