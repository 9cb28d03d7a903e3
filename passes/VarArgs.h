//===- VarArgs.h - variadic functions that are entered in the middle -*- C++
//-*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//     T f(a, ...) { g(); va_start(ap); … }
// →
//     T f(a, ...) { va_start(%us.va); g(); va_copy(ap, %us.va); … }
//
// A rebuild clone is not variadic, so va_start cannot run in it. Where one may
// run behind a continuation point, the function keeps a list of its own from
// its entry on; it is pinned memory, and what it points to stays in place too.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_PASSES_VARARGS_H
#define UPSTARE_PASSES_VARARGS_H

#include "Shape.h"

namespace upstare {

/// Does so for F, if need be; points stay valid.
void keepArgumentList(llvm::Function &F, llvm::ArrayRef<Point> Points);

} // namespace upstare

#endif // UPSTARE_PASSES_VARARGS_H
