//===- AssemblerNames.h - what asm statements name --------------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Does the text of an asm statement name a function or variable of the program,
// or have its address as an immediate operand? A patch gives names and
// addresses to what the IR uses; text it cannot change.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_PATCHGEN_ASSEMBLERNAMES_H
#define UPSTARE_PATCHGEN_ASSEMBLERNAMES_H

#include "Plan.h"

namespace upstare::patchgen {

/// Tells of what code of NEW names that is known by another address.
void checkAssembler(const Program &New, const PatchPlan &Plan, Problems &Out);

} // namespace upstare::patchgen

#endif // UPSTARE_PATCHGEN_ASSEMBLERNAMES_H
