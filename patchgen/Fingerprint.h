//===- Fingerprint.h - has a function's code changed? ------------*- C++
//-*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Does a function do the same in both versions? For the report alone: a patch
// holds all functions anyway.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_PATCHGEN_FINGERPRINT_H
#define UPSTARE_PATCHGEN_FINGERPRINT_H

#include "llvm/IR/Function.h"

namespace upstare::patchgen {

/// Equal for equal code in two programs: instructions, constants, names of what
/// it refers to, contents of string literals. Debug information does not count.
uint64_t fingerprint(const llvm::Function &F);

} // namespace upstare::patchgen

#endif // UPSTARE_PATCHGEN_FINGERPRINT_H
