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

/// A shared library that the patch asks for, in place of one of NEW.
struct AskedLibrary {
  std::string File; // to link with
  /// By which the patch is to ask for it; empty: as the linker does.
  std::string Name;
};

struct ExternalSymbols {
  std::vector<AskedLibrary> Libraries; // in NEW's order
  /// Where those of them are that OLD does not need.
  std::set<std::string> Folders;
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
