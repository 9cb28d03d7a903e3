//===- Driver.h - from two programs to a patch -------------------*- C++
//-*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The stages of patchgen in order.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_PATCHGEN_DRIVER_H
#define UPSTARE_PATCHGEN_DRIVER_H

#include "llvm/Support/Error.h"
#include <string>
#include <vector>

namespace upstare::patchgen {

struct Settings {
  std::string Old, New;
  /// Libraries that are not found, or not to be found, by themselves.
  std::vector<std::string> OldLibraries, NewLibraries;
  std::string Output; // "": no patch is made
  std::string Override;
  std::string Header;         // write the header for override files here
  std::string PrintOverrides; // write the defaults here, for editing
  std::string Report;         // "-": stdout
  std::string KeepTemps;
  std::string Level; // "": as NEW was compiled
  bool PrintPoints = false;
  bool RefuseUnmapped = false;
  bool KeepRemoved = false;
  bool AllowStackSwitches = false;
  bool Json = false;
  unsigned Jobs = 2;
};

enum class Outcome { Done, NeedsHelp };

/// An error is bad input.
llvm::Expected<Outcome> generate(const Settings &S, const char *Argv0);

} // namespace upstare::patchgen

#endif // UPSTARE_PATCHGEN_DRIVER_H
