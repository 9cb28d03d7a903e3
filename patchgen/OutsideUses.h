//===- OutsideUses.h - functions that other code knows by name --*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which functions that an image exports does somebody look up by name: a shared
// library that is not instrumented, or dlsym()? These have the address, though
// no instrumented code uses it as a value.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_PATCHGEN_OUTSIDEUSES_H
#define UPSTARE_PATCHGEN_OUTSIDEUSES_H

#include "Extract.h"

namespace upstare::patchgen {

/// Enters them as functions whose address is taken.
void markOutsideUses(Program &P);

/// "dlopen in main() (host.c:12)": where code gets into the process that may
/// look up any exported function; "" if nowhere.
std::string unknownLookup(const Program &P);

} // namespace upstare::patchgen

#endif // UPSTARE_PATCHGEN_OUTSIDEUSES_H
