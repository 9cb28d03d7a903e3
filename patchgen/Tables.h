//===- Tables.h - the analysis as rows of a patch ----------------*- C++
//-*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which functions, globals, points and binds does the runtime get to know?
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_PATCHGEN_TABLES_H
#define UPSTARE_PATCHGEN_TABLES_H

#include "Analysis.h"
#include "Build.h"

namespace upstare::patchgen {

/// enum upstare_return_class of a value of this type.
uint32_t returnClass(const llvm::Type *T);

PatchTables makeTables(const Program &Old, const Program &New,
                       const Analysis &A, const OverrideFile &Override,
                       const BuiltCode &Code, const ExternalSymbols &Externals);

} // namespace upstare::patchgen

#endif // UPSTARE_PATCHGEN_TABLES_H
