//===- Uninstrumented.h - code that no update goes through ------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which functions of a program's images were not compiled with upstare-cc? An
// update waits while one is active.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_PATCHGEN_UNINSTRUMENTED_H
#define UPSTARE_PATCHGEN_UNINSTRUMENTED_H

#include "Extract.h"
#include "Problems.h"

namespace upstare::patchgen {

/// One warning for each image that has such functions, one for each reason why
/// functions that were compiled with it are not instrumented.
void warnOfUninstrumented(const Program &P, Problems &Out);

} // namespace upstare::patchgen

#endif // UPSTARE_PATCHGEN_UNINSTRUMENTED_H
