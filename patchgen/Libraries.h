//===- Libraries.h - the shared libraries of a program ----------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which shared libraries does a program load, from which files, and which of
// them hold instrumented code?
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_PATCHGEN_LIBRARIES_H
#define UPSTARE_PATCHGEN_LIBRARIES_H

#include "ElfFile.h"

namespace upstare::patchgen {

struct Library {
  std::unique_ptr<ElfFile> File;
  /// By which it is asked for.
  std::string Name;
  /// Loaded with the program, not by dlopen.
  bool AtStart = true;
  /// An instrumented image asks for it.
  bool Direct = false;
  bool Instrumented = false;
};

/// The libraries of the program, in the order in which the dynamic linker
/// searches them: those that it needs, level by level, then those of Given
/// that nothing needs (the program loads them by dlopen). A file of Given is
/// taken for a needed library of its name.
llvm::Expected<std::vector<Library>>
findLibraries(const ElfFile &Program, const std::vector<std::string> &Given);

} // namespace upstare::patchgen

#endif // UPSTARE_PATCHGEN_LIBRARIES_H
