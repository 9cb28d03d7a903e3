//===- OutsideUses.cpp - functions that other code knows by name *- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// See OutsideUses.h.
//
//===----------------------------------------------------------------------===//

#include "OutsideUses.h"
#include "Instrument.h"
#include "upstare/abi.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/Instructions.h"

using namespace llvm;
using namespace upstare;
using namespace upstare::patchgen;

static bool isExported(const Program &P, StringRef Name) {
  return llvm::any_of(P.Images,
                      [&](const auto &I) { return I->exports(Name); });
}

static void mark(Program &P, StringRef Name, const std::string &By) {
  uint64_t Key = upstare_key(Name.str().c_str());
  if (auto It = P.FunctionAliases.find(Name.str());
      It != P.FunctionAliases.end())
    Key = It->second;
  auto Found = P.Functions.find(Key);
  if (Found == P.Functions.end() || !isExported(P, Name))
    return;
  Found->second.AddressTaken = true;
  Found->second.HeldBy = By;
}

/// Calls Visit for each call of function Name in instrumented code.
static void forEachCall(const Program &P, StringRef Name,
                        function_ref<void(const CallBase &)> Visit) {
  for (const auto &U : P.Units)
    if (const Function *F = U->M->getFunction(Name); F && F->isDeclaration())
      for (const User *By : F->users())
        if (const auto *Call = dyn_cast<CallBase>(By);
            Call && Call->getCalledOperand() == F)
          Visit(*Call);
}

/// The name that a call of dlsym() or dlvsym() asks for, if it is constant.
static std::optional<std::string> nameAsked(const CallBase &Call) {
  StringRef Name;
  if (Call.arg_size() < 2 ||
      !getConstantStringInfo(Call.getArgOperand(1), Name))
    return std::nullopt;
  return Name.str();
}

void patchgen::markOutsideUses(Program &P) {
  for (const auto &Entry : P.AskedByPlain)
    mark(P, Entry.first(), "by " + Entry.second);
  for (StringRef Lookup : {"dlsym", "dlvsym"})
    forEachCall(P, Lookup, [&](const CallBase &Call) {
      if (auto Name = nameAsked(Call))
        mark(P, *Name, placeOf(Call) + " by " + Lookup.str());
    });
}

std::string patchgen::unknownLookup(const Program &P) {
  std::string Place;
  auto See = [&](const CallBase &Call) {
    if (Place.empty())
      Place = Call.getCalledOperand()->getName().str() + " " + placeOf(Call);
  };
  for (StringRef Load : {"dlopen", "dlmopen"})
    forEachCall(P, Load, See);
  for (StringRef Lookup : {"dlsym", "dlvsym"})
    forEachCall(P, Lookup, [&](const CallBase &Call) {
      if (!nameAsked(Call))
        See(Call);
    });
  return Place;
}
