//===- Definitions.h - what each name of a program means --------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which definition does each function and variable of a program have, of those
// in all of its modules and images, and where does it lie?
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_PATCHGEN_DEFINITIONS_H
#define UPSTARE_PATCHGEN_DEFINITIONS_H

#include "Extract.h"

namespace upstare::patchgen {

/// Fills Functions and Globals. An error names what the patch, in which each
/// name is one thing, could not tell apart as the dynamic linker does.
llvm::Error collectDefinitions(Program &P);

/// The symbol that a use of Name in an image means if no stored module
/// defines it; null if that is none of the images' own objects.
NativeSymbol findNative(const Program &P, unsigned User, llvm::StringRef Name);

} // namespace upstare::patchgen

#endif // UPSTARE_PATCHGEN_DEFINITIONS_H
