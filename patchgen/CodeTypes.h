//===- CodeTypes.h - types that code relies on ------------------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Can code of OLD call a function of NEW, and handle its data?
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_PATCHGEN_CODETYPES_H
#define UPSTARE_PATCHGEN_CODETYPES_H

#include "TypeMap.h"

namespace llvm {
class Function;
} // namespace llvm

namespace upstare::patchgen {

/// Callers of the one can call the other.
bool sameSignature(TypeComparer &Types, const llvm::Function &Old,
                   const llvm::Function &New);

/// A struct or union that the code of Old uses (in its signature, its variables
/// or an access) and that NEW lays out otherwise; "" if there is none.
std::string changedTypeIn(TypeComparer &Types, const llvm::Function &Old);

} // namespace upstare::patchgen

#endif // UPSTARE_PATCHGEN_CODETYPES_H
