//===- Build.h - objects of the patch's code ---------------------*- C++
//-*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The modules of NEW, bound, optimised, lowered and compiled: one object each.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_PATCHGEN_BUILD_H
#define UPSTARE_PATCHGEN_BUILD_H

#include "BindGlobals.h"
#include "Override.h"
#include <set>

namespace upstare::patchgen {

struct BuiltCode {
  std::vector<std::string> Objects; // files
  /// Functions of NEW (by key) that the objects define.
  std::set<uint64_t> Functions;
  /// Those whose canonical address the objects use.
  std::set<uint64_t> CanonicalUsed;
  StackSizes Rebuilds; // of clones
};

llvm::Expected<BuiltCode> buildCode(const Program &Old, Program &New,
                                    const PatchPlan &Plan,
                                    const ExternalSymbols &Externals,
                                    const TempFolder &Temp, unsigned Jobs);

/// The override's object, bound to the patch's symbols.
llvm::Expected<std::string>
buildOverride(OverrideFile &Override, const Program &New, const PatchPlan &Plan,
              const ExternalSymbols &Externals, const TempFolder &Temp);

/// What every linked image has from crtbegin.o, and the request flag, which
/// code without update points does not bring.
llvm::Expected<std::string> buildSupport(const Program &New,
                                         const TempFolder &Temp);

} // namespace upstare::patchgen

#endif // UPSTARE_PATCHGEN_BUILD_H
