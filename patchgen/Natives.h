//===- Natives.h - symbols of code that is not instrumented ------*- C++
//-*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Where does each symbol come from that the instrumented modules of NEW use and
// do not define? From a shared library or a static part of the C library and
// the compiler's (linked into the patch as usual), or from an object of an
// image that was not instrumented: then the patch uses OLD's copy of it.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_PATCHGEN_NATIVES_H
#define UPSTARE_PATCHGEN_NATIVES_H

#include "Plan.h"
#include "Toolchain.h"

namespace upstare::patchgen {

struct ExternalSymbols {
  /// Shared libraries of NEW, as files, in its order.
  std::vector<std::string> Libraries;
  /// libgcc.a, libc_nonshared.a, libgcc_s.so: what exists of them.
  std::vector<std::string> Compiler;
  /// What they are in OLD.
  std::map<std::string, NativeSymbol> Natives;
};

llvm::Expected<ExternalSymbols> findExternals(const Toolchain &Tools,
                                              const Program &Old,
                                              const Program &New,
                                              const PatchPlan &Plan);

} // namespace upstare::patchgen

#endif // UPSTARE_PATCHGEN_NATIVES_H
