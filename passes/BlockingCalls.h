//===- BlockingCalls.h - calls that a server sits in -*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Redirection of blocking library calls to the runtime's interruptible ones.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_PASSES_BLOCKINGCALLS_H
#define UPSTARE_PASSES_BLOCKINGCALLS_H

#include "llvm/IR/Module.h"

namespace upstare {

/// Redirects the direct calls of each function of blocking_calls.def that M
/// declares and does not define, and those of its signal functions. Returns how
/// many.
unsigned redirectBlockingCalls(llvm::Module &M);

bool isBlockingWrapper(llvm::StringRef Name);
/// The library function that the wrapper stands for, or "".
llvm::StringRef blockingFunctionOf(llvm::StringRef Wrapper);

} // namespace upstare

#endif // UPSTARE_PASSES_BLOCKINGCALLS_H
