//===- StartAndEnd.cpp - constructors and destructors over updates --------===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What of NEW runs before main or at exit, and will it?
//
// A destructor that both versions have runs NEW's code: exit() calls the
// address that it has had since the first version.
//
//===----------------------------------------------------------------------===//

#include "StartAndEnd.h"
#include "Instrument.h"
#include "Names.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/Support/Path.h"

using namespace llvm;
using namespace upstare;
using namespace upstare::patchgen;

bool patchgen::isCalledSection(StringRef Section) {
  for (StringRef Name :
       {".preinit_array", ".init_array", ".fini_array", ".ctors", ".dtors"})
    if (Section == Name || Section.starts_with((Name + ".").str()))
      return true;
  return false;
}

namespace {

using Functions = std::map<uint64_t, const FunctionDef *>;

/// What llvm.global_ctors or llvm.global_dtors of the modules list.
Functions listed(const Program &P, StringRef List) {
  Functions Result;
  for (const auto &U : P.Units) {
    const GlobalVariable *G = U->M->getNamedGlobal(List);
    if (!G || !G->hasInitializer())
      continue;
    for (const Use &Row : G->getInitializer()->operands()) {
      const auto *Entry = dyn_cast<ConstantStruct>(Row);
      const auto *F =
          Entry ? dyn_cast<Function>(Entry->getOperand(1)->stripPointerCasts())
                : nullptr;
      if (!F)
        continue;
      if (auto It = P.Functions.find(keyOf(*F)); It != P.Functions.end())
        Result[It->first] = &It->second;
    }
  }
  return Result;
}

std::string describe(StringRef Kind, const FunctionDef &F) {
  std::string Text = (Kind + " " + F.Name + "()").str();
  return F.F->getSubprogram() ? Text + " (" + placeOf(F) + ")" : Text;
}

void warnOfConstructors(const Functions &Old, const Functions &New,
                        const ProgramMatch &Match, Problems &Out) {
  for (const auto &[Key, F] : New) {
    const FunctionDef *Before = Match.Functions.oldOf(Key);
    if (!Before || !Old.count(Before->Key))
      Out.warn(describe("constructor", *F) +
               " is new: it does not run; do what it does in upstare_finish() "
               "of an override file");
    else if (Before->Fingerprint != F->Fingerprint)
      Out.warn(describe("constructor", *F) +
               " is changed: it has run as the old version had it, and does "
               "not run again");
  }
}

void warnOfDestructors(const Functions &Old, const Functions &New,
                       const ProgramMatch &Match, Problems &Out) {
  for (const auto &[Key, F] : New) {
    const FunctionDef *Before = Match.Functions.oldOf(Key);
    if (!Before || !Old.count(Before->Key))
      Out.warn(describe("destructor", *F) +
               " is new: it does not run at exit; call it where the program "
               "ends, or register it with atexit()");
  }
  for (const auto &[Key, F] : Old) {
    const FunctionDef *Next = Match.Functions.newOf(Key);
    if (!Next)
      Out.warn(describe("destructor", *F) +
               " is removed: its old code runs at exit nevertheless");
    else if (!New.count(Next->Key))
      Out.warn(describe("destructor", *F) +
               " is a plain function in the new version: it runs at exit "
               "nevertheless");
  }
}

void warnOfEntries(const Program &New, const ProgramMatch &Match,
                   Problems &Out) {
  for (const auto &[Key, G] : New.Globals) {
    if (!G.G->hasSection() || !isCalledSection(G.G->getSection()))
      continue;
    const GlobalDef *Before = Match.Globals.oldOf(Key);
    if (!Before || !Before->G->hasSection() ||
        Before->G->getSection() != G.G->getSection())
      Out.warn("variable '" + G.Name + "' (" +
               sys::path::filename(G.Owner->SourcePath) +
               ") is new in section " + G.G->getSection() +
               ": what it points to is not called");
  }
}

} // namespace

void patchgen::warnOfStartAndEnd(const Program &Old, const Program &New,
                                 const ProgramMatch &Match, Problems &Out) {
  warnOfConstructors(listed(Old, "llvm.global_ctors"),
                     listed(New, "llvm.global_ctors"), Match, Out);
  warnOfDestructors(listed(Old, "llvm.global_dtors"),
                    listed(New, "llvm.global_dtors"), Match, Out);
  warnOfEntries(New, Match, Out);
}
