//===- StackSwitches.h - code that goes to other stacks ---------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Coroutines and the like that switch stacks by assembler code: while they are
// suspended, nothing in the process tells of their frames, which would go on in
// old code. (Of makecontext, the runtime is told.)
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_PATCHGEN_STACKSWITCHES_H
#define UPSTARE_PATCHGEN_STACKSWITCHES_H

#include "Extract.h"
#include "Problems.h"

namespace upstare::patchgen {

/// Refuses programs whose own assembler code, or that of objects linked into
/// them, takes the stack pointer from elsewhere.
llvm::Error checkStackSwitches(const Program &P);

/// Warns of uninstrumented libraries that do so: they may do it for threads of
/// their own, or for nothing but their own code.
void warnOfStackSwitches(const Program &P, Problems &Out);

} // namespace upstare::patchgen

#endif // UPSTARE_PATCHGEN_STACKSWITCHES_H
