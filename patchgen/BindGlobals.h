//===- BindGlobals.h - modules of NEW become parts of a patch ----*- C++
//-*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// How does the plan come into the IR? Before the optimiser runs, globals that
// stay become declarations of their running storage, what only a program has
// (constructors, position dependence) goes, and symbols of uninstrumented
// objects get their names. After it, addresses of functions become those that
// the program knows, and what the tables refer to gets symbols.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_PATCHGEN_BINDGLOBALS_H
#define UPSTARE_PATCHGEN_BINDGLOBALS_H

#include "Natives.h"
#include "Plan.h"
#include "Problems.h"

namespace upstare::patchgen {

class UnitBinder {
public:
  UnitBinder(Unit &U, const Program &Old, const Program &New,
             const PatchPlan &Plan, const ExternalSymbols &Externals);

  /// On the module as instrumented.
  void beforeOptimiser();
  /// Within the optimiser's last stage, when nothing will be inlined any more.
  void atOptimiserEnd();
  /// On the optimised module.
  void afterOptimiser();

  /// Functions of NEW, by key, that the module defines, and those whose
  /// canonical address it uses.
  std::vector<uint64_t> Defined, CanonicalUsed;

private:
  void removeConstructors();
  void dropLosers();
  bool isOverridden(const llvm::GlobalAlias &A) const;
  void resolveAliases();
  void bindVariables();
  void bindThreadLocal(llvm::GlobalVariable &G, const GlobalPlan &P);
  llvm::GlobalVariable &padConstant(llvm::GlobalVariable &G);
  void bindVariable(llvm::GlobalVariable &Unpadded, const GlobalPlan &P);
  void bindDeclarations();
  void bindForeignAliases();
  void setPositionIndependent();
  void keepAddressTaken();

  Unit &U;
  llvm::Module &M;
  const Program &Old, &New;
  const PatchPlan &Plan;
  const ExternalSymbols &Externals;
  /// Functions by their names in this module, as instrumented.
  std::map<std::string, uint64_t> FunctionKeys;
};

/// Gives the declarations in M (override files) the names that the patch has
/// for them.
void bindForeignModule(llvm::Module &M, const Program &New,
                       const PatchPlan &Plan, const ExternalSymbols &Externals);

} // namespace upstare::patchgen

#endif // UPSTARE_PATCHGEN_BINDGLOBALS_H
