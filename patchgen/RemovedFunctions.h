//===- RemovedFunctions.h - kept pointers to what is gone --------*- C++
//-*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What runs when a pointer to a function that NEW lacks is called?
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_PATCHGEN_REMOVEDFUNCTIONS_H
#define UPSTARE_PATCHGEN_REMOVEDFUNCTIONS_H

#include "Analysis.h"

namespace upstare::patchgen {

/// Fills A.Successors; what the user has not decided is a missing piece. After
/// the plan and the types are complete.
void decideRemoved(Analysis &A, const Program &Old, const Program &New,
                   const OverrideFile &Override);

} // namespace upstare::patchgen

#endif // UPSTARE_PATCHGEN_REMOVEDFUNCTIONS_H
