//===- Diagnostics.h - what the passes say to people -*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Warnings and errors go through LLVMContext::diagnose, so that clang and opt
// show them like their own; decisions are optimisation remarks (-Rpass=upstare,
// -Rpass-missed=upstare).
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_PASSES_DIAGNOSTICS_H
#define UPSTARE_PASSES_DIAGNOSTICS_H

#include "llvm/ADT/Twine.h"
#include "llvm/IR/Function.h"

namespace upstare {

void warn(const llvm::Module &M, const llvm::Twine &Text);
void error(const llvm::Module &M, const llvm::Twine &Text);
/// "file.c:12: in function 'f': Text", as a warning.
void warn(const llvm::Function &F, const llvm::Twine &Text);
/// What a stage did (Missed false) or could not do (Missed true) to F.
void remark(llvm::Function &F, llvm::StringRef Id, bool Missed,
            const llvm::Twine &Text);

} // namespace upstare

#endif // UPSTARE_PASSES_DIAGNOSTICS_H
