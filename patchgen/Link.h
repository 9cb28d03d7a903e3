//===- Link.h - objects into a patch -----------------------------*- C++
//-*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// How is the patch linked: against the shared libraries of NEW, the runtime and
// a stub of the binder, so that every symbol is accounted for at build time.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_PATCHGEN_LINK_H
#define UPSTARE_PATCHGEN_LINK_H

#include "Natives.h"
#include "Toolchain.h"

namespace upstare::patchgen {

struct LinkJob {
  std::vector<std::string> Objects;
  /// Symbols that the binder will define, and its name (DT_NEEDED).
  std::vector<std::string> Binds;
  std::string BinderName;
  std::string Output;
};

/// Links, and renames the result to Output when it is complete.
llvm::Error linkPatch(const Toolchain &Tools, const ExternalSymbols &Externals,
                      const TempFolder &Temp, const LinkJob &Job);

/// Compiles the generated C file.
llvm::Error compileGlue(const Toolchain &Tools, llvm::StringRef Source,
                        llvm::StringRef Object);

} // namespace upstare::patchgen

#endif // UPSTARE_PATCHGEN_LINK_H
