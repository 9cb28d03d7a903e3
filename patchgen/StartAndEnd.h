//===- StartAndEnd.h - constructors and destructors over updates -*- C++
//-*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What of NEW runs before main or at exit, and will it? The constructors of the
// version that was started have run, and its destructors are what exit() knows.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_PATCHGEN_STARTANDEND_H
#define UPSTARE_PATCHGEN_STARTANDEND_H

#include "Match.h"
#include "Problems.h"

namespace upstare::patchgen {

/// Whether the dynamic linker calls what the entries of this section point to.
bool isCalledSection(llvm::StringRef Section);

/// Warns, by name, of all that does not run as the source of NEW says.
void warnOfStartAndEnd(const Program &Old, const Program &New,
                       const ProgramMatch &Match, Problems &Out);

} // namespace upstare::patchgen

#endif // UPSTARE_PATCHGEN_STARTANDEND_H
