//===- StaticVariables.h - static variables that changed places -*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A static variable of a function is called "function.variable" by the
// compiler. It is still the same one when the function is renamed, or when the
// variable moves out of the function or into it.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_PATCHGEN_STATICVARIABLES_H
#define UPSTARE_PATCHGEN_STATICVARIABLES_H

#include "Match.h"

namespace upstare::patchgen {

/// Pairs of those that other rounds have left over, as GlobalsSoFar tells.
/// Warns of variables of one name that cannot be told apart.
std::vector<Pair<GlobalDef>>
matchStaticVariables(const Program &Old, const Program &New,
                     const Matching<FunctionDef> &Functions,
                     const Matching<GlobalDef> &GlobalsSoFar, Problems &Out);

} // namespace upstare::patchgen

#endif // UPSTARE_PATCHGEN_STATICVARIABLES_H
