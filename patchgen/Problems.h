//===- Problems.h - what patchgen tells its user ------------------*- C++
//-*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Two kinds of bad news. *Bad input* ends the run at once: an llvm::Error made
// by badInput(), exit status 2. *Missing pieces* are collected, so that the
// user sees them all and can write one override file: exit status 1.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_PATCHGEN_PROBLEMS_H
#define UPSTARE_PATCHGEN_PROBLEMS_H

#include "llvm/ADT/Twine.h"
#include "llvm/Support/Error.h"
#include <string>
#include <vector>

namespace upstare::patchgen {

/// "File: Text" as an error.
inline llvm::Error badInput(const llvm::Twine &File, const llvm::Twine &Text) {
  return llvm::createStringError(llvm::inconvertibleErrorCode(),
                                 File + ": " + Text);
}

/// Something that only the user can supply.
struct MissingPiece {
  std::string Where;  // "server.c:120: in function 'main'"
  std::string What;   // "the new code reads 'count' here; the old frame …"
  std::string Remedy; // "define UPSTARE_INIT_…" or "map it with upstare_points"
};

struct Problems {
  std::vector<MissingPiece> Missing;
  std::vector<std::string> Warnings;

  void missing(std::string Where, std::string What, std::string Remedy) {
    Missing.push_back({std::move(Where), std::move(What), std::move(Remedy)});
  }
  void warn(const llvm::Twine &Text) { Warnings.push_back(Text.str()); }
};

} // namespace upstare::patchgen

#endif // UPSTARE_PATCHGEN_PROBLEMS_H
