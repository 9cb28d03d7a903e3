//===- Unsupported.cpp - code that no patch can hold ----------------------===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// See Unsupported.h.
//
//===----------------------------------------------------------------------===//

#include "Unsupported.h"
#include "Instrument.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"

using namespace llvm;
using namespace upstare;
using namespace upstare::patchgen;

static std::string placeOfCode(const Unit &U, const Function &F) {
  std::string Line = F.getSubprogram()
                         ? ":" + std::to_string(F.getSubprogram()->getLine())
                         : "";
  return F.getName().str() + "() (" + U.SourcePath + Line + ")";
}

/// -fsanitize=cfi: the linker puts a table of jumps in the place of functions,
/// and code refuses pointers to others. Entries of that table have no room.
static Error checkTypeTests(const Program &P, const Unit &U) {
  for (const Function &F : *U.M)
    for (const Instruction &I : instructions(F))
      if (const auto *Call = dyn_cast<IntrinsicInst>(&I);
          Call && Call->getIntrinsicID() == Intrinsic::type_test)
        return badInput(
            P.Images[U.Image]->path(),
            placeOfCode(U, F) +
                " checks its calls by the linker's tables of "
                "functions (-fsanitize=cfi), which no patch is in; "
                "build without it (-fsanitize=kcfi can be updated)");
  return Error::success();
}

/// --wrap=f: calls of f go to __wrap_f, and those of __real_f to f, which only
/// that linker knew.
static Error checkWrapped(const Program &P) {
  StringMap<const Unit *> Users;
  for (const auto &U : P.Units)
    for (const GlobalValue &G : U->M->global_values())
      if (!G.use_empty() || !G.isDeclarationForLinker()) {
        StringRef Name = G.getName();
        Name.consume_front("__real_");
        Users.try_emplace(Name, U.get());
      }
  for (const auto &I : P.Images)
    for (const ElfSymbol &S : I->Symbols) {
      StringRef Name = S.Name;
      if (!S.IsFunction || !Name.consume_front("__wrap_"))
        continue;
      if (const Unit *User = Users.lookup(Name))
        return badInput(I->path(),
                        S.Name + "() takes the place of " + Name + "() in " +
                            User->SourcePath +
                            " and others (-Wl,--wrap=" + Name +
                            "), which a patch cannot do; give the calls that "
                            "name in the source (-D" +
                            Name + "=" + S.Name + ")");
    }
  return Error::success();
}

Error patchgen::checkUnsupported(const Program &P) {
  for (const auto &U : P.Units)
    if (Error E = checkTypeTests(P, *U))
      return E;
  return checkWrapped(P);
}

static bool isCounter(const Instruction &I) {
  return isa<InstrProfInstBase>(I);
}

void patchgen::warnOfCounters(const Program &New, Problems &Out) {
  for (const auto &U : New.Units)
    for (const Function &F : *U->M)
      if (llvm::any_of(instructions(F), isCounter)) {
        Out.warn(placeOfCode(*U, F) +
                 " and others count how often they run "
                 "(-fprofile-instr-generate): after the update nothing more "
                 "is counted");
        return;
      }
}

void patchgen::removeCounters(Module &M) {
  for (Function &F : M)
    for (Instruction &I : make_early_inc_range(instructions(F)))
      if (isCounter(I))
        I.eraseFromParent();
}
