//===- Unsupported.h - code that no patch can hold --------------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What did other options of the compiler and the linker make of a program, so
// that no patch can lead to it or from it?
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_PATCHGEN_UNSUPPORTED_H
#define UPSTARE_PATCHGEN_UNSUPPORTED_H

#include "Extract.h"
#include "Problems.h"

namespace upstare::patchgen {

/// An error names the option, where it shows, and what to do.
llvm::Error checkUnsupported(const Program &P);

/// Code of the patch counts nothing: tells so, and takes clang's counters
/// (-fprofile-instr-generate) out of the module, which its own pipeline lowers.
void warnOfCounters(const Program &New, Problems &Out);
void removeCounters(llvm::Module &M);

} // namespace upstare::patchgen

#endif // UPSTARE_PATCHGEN_UNSUPPORTED_H
