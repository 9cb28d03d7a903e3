//===- outsiders.h - libraries that no patch knows --------------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Answers: who outside the patch knows where a variable is that moves?
// Libraries that are loaded refer to it; those that the program loads later,
// and dlsym(), will ask the dynamic linker for it.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_RUNTIME_OUTSIDERS_H
#define UPSTARE_RUNTIME_OUTSIDERS_H

#include "error.h"
#include <stddef.h>
#include <stdint.h>

namespace upstare {

struct PreparedPatch;
class WriteWindow;

/// A value in a symbol table, as it is to be after the commit.
struct ExportChange {
  uint64_t *Value;
  uint64_t New;
};

/// Refuses a patch that moves what a loaded library refers to that is neither
/// part of the program nor a patch. Fills Patch.Exports and Patch.ImageBases.
Status checkOutsiders(PreparedPatch &Patch, ErrorText &Error);

/// At commit: everything that can fail, then the change. Looks again if the
/// program has loaded a library meanwhile.
Status openExports(PreparedPatch &Patch, WriteWindow &Window, ErrorText &Error);
void changeExports(PreparedPatch &Patch);

} // namespace upstare

#endif // UPSTARE_RUNTIME_OUTSIDERS_H
