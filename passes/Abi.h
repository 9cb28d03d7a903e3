//===- Abi.h - abi.def as LLVM types and declarations -*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The records, callees and thread-local variables of abi.def in terms of LLVM.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_PASSES_ABI_H
#define UPSTARE_PASSES_ABI_H

#include "upstare/abi.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/IR/DerivedTypes.h"
#include "llvm/IR/Module.h"

namespace upstare {

enum class Callee {
#define UPSTARE_CALLEE(Id, Name, Return, Args, Attributes) Id,
#include "upstare/abi.def"
};

enum class ThreadLocal {
#define UPSTARE_TLS(Id, Name) Id,
#include "upstare/abi.def"
};

llvm::StringRef nameOf(Callee C);

/// The declaration of a runtime function, made on first use.
llvm::FunctionCallee declare(llvm::Module &M, Callee C);
/// The declaration of a thread-local pointer of the runtime.
llvm::GlobalVariable *declare(llvm::Module &M, ThreadLocal T);
/// The request flag of the image (linkonce, hidden).
llvm::GlobalVariable *requestFlag(llvm::Module &M);
/// A jump to upstare_update_point, of the image itself (linkonce, hidden). Hot
/// code calls it directly: the address of the runtime's own function is bound
/// at load time, and the code generator would keep it in a register through
/// loops.
llvm::Function *updatePointEntry(llvm::Module &M);
/// Whether F belongs to the runtime's interface.
bool isRuntimeFunction(const llvm::Function &F);
/// Whether I is a call of upstare_update_point.
bool isUpdatePoint(const llvm::Instruction &I);

} // namespace upstare

#endif // UPSTARE_PASSES_ABI_H
