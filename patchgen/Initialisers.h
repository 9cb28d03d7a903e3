//===- Initialisers.h - equal constants of two programs ----------*- C++
//-*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Do two initialisers say the same, each in its own program? References are
// compared by what they refer to: matched globals and functions, or unnamed
// constants (string literals) of equal contents.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_PATCHGEN_INITIALISERS_H
#define UPSTARE_PATCHGEN_INITIALISERS_H

#include "Match.h"
#include "llvm/IR/Constants.h"
#include <functional>

namespace upstare::patchgen {

class InitialiserComparer {
public:
  /// Stays says whether a matched global keeps its storage: a constant that
  /// refers to one that does not cannot stay either.
  InitialiserComparer(const Program &Old, const Program &New,
                      const ProgramMatch &Match,
                      std::function<bool(const GlobalDef &New)> Stays)
      : Old(Old), New(New), Match(Match), Stays(std::move(Stays)) {}

  bool equal(const GlobalDef &OldDef, const GlobalDef &NewDef);

private:
  bool equal(const llvm::Constant *A, const llvm::Constant *B);
  bool equalPointers(const llvm::Constant *A, const llvm::Constant *B);
  bool equalElements(const llvm::Constant *A, const llvm::Constant *B);
  bool sameThing(const llvm::GlobalValue *A, const llvm::GlobalValue *B);

  const Program &Old, &New;
  const ProgramMatch &Match;
  std::function<bool(const GlobalDef &)> Stays;
  const llvm::DataLayout *OldLayout = nullptr, *NewLayout = nullptr;
};

} // namespace upstare::patchgen

#endif // UPSTARE_PATCHGEN_INITIALISERS_H
