//===- Plan.h - where each global and function of NEW lives ------*- C++
//-*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which globals of NEW stay in their running storage, which get new storage in
// the patch, and which functions keep an address from before? And what is each
// called in the patch? Decides alone; BindGlobals.h changes the modules.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_PATCHGEN_PLAN_H
#define UPSTARE_PATCHGEN_PLAN_H

#include "Match.h"
#include "Transformers.h"

namespace upstare::patchgen {

enum class Storage {
  Bound, // the storage that the program runs with
  Moved, // new storage in the patch, filled from the old
  New,   // in the patch: the global is new (or OLD had dropped it)
};

/// Once modules are built, New and Old are good for their names and keys alone:
/// the optimiser drops declarations that nothing uses any more.
struct GlobalPlan {
  const GlobalDef *New = nullptr;
  const GlobalDef *Old = nullptr;
  uint64_t Size = 0;
  Storage Where = Storage::New;
  /// Moved, but with NEW's contents (constants).
  bool KeepInitializer = false;
  /// Moved with its section only.
  bool Elsewhere = false;
  /// A variable that keeps its value, though NEW initialises it otherwise.
  bool OtherInitialiser = false;
  std::string Symbol;    // in the patch
  std::string OldSymbol; // of the old storage if it moves
  bool ThreadLocal = false;
};

struct FunctionPlan {
  const FunctionDef *New = nullptr;
  const FunctionDef *Old = nullptr; // null: new
  /// us.fn.<key>: the address that the program knows it by; "" if its address
  /// is that of the code in the patch.
  std::string CanonicalSymbol;
  std::string EntrySymbol;
  /// Somebody may have its address, since OLD or NEW uses it as a value.
  bool Held = false;
};

struct PatchPlan {
  std::map<uint64_t, GlobalPlan> Globals;     // by key in NEW
  std::map<uint64_t, FunctionPlan> Functions; // by key in NEW
  /// Sections of NEW that are gone through from __start_NAME on and are in the
  /// patch as a whole.
  std::set<std::string> OwnSections;
};

/// Symbols "us.<kind>.<key>".
std::string patchSymbol(llvm::StringRef Kind, uint64_t Key);

/// Tells T of every global that both versions have.
llvm::Expected<PatchPlan> makePlan(const Program &Old, const Program &New,
                                   const ProgramMatch &Match,
                                   const OverrideFile &Override,
                                   Transformers &T, Problems &Out);

} // namespace upstare::patchgen

#endif // UPSTARE_PATCHGEN_PLAN_H
