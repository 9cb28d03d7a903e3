//===- RemovedFunctions.cpp - pointers to functions that are gone ---------===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// See RemovedFunctions.h.
//
//===----------------------------------------------------------------------===//

#include "RemovedFunctions.h"
#include "Instrument.h"
#include "OutsideUses.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"

using namespace llvm;
using namespace upstare;
using namespace upstare::patchgen;

namespace {

//===----------------------------------------------------------------------===//
// Where is the address taken?
//===----------------------------------------------------------------------===//

std::string addressPlace(const Value &V);

/// "" if the use does not tell the address to anybody who could call it later.
std::string addressPlace(const Use &U) {
  const User *By = U.getUser();
  if (const auto *Call = dyn_cast<CallBase>(By); Call && Call->isCallee(&U))
    return "";
  if (const auto *I = dyn_cast<Instruction>(By))
    return placeOf(*I);
  if (isa<BlockAddress>(By) || isa<Function>(By) || isa<DSOLocalEquivalent>(By))
    return "";
  if (const auto *G = dyn_cast<GlobalVariable>(By)) {
    if (G->getName() == "llvm.global_dtors")
      return "as a destructor";
    return G->getName().starts_with("llvm.")
               ? ""
               : "in the initialiser of '" + G->getName().str() + "'";
  }
  return addressPlace(*By); // aliases too
}

std::string addressPlace(const Value &V) {
  for (const Use &U : V.uses())
    if (std::string Place = addressPlace(U); !Place.empty())
      return Place;
  return "";
}

/// One place in the program where the address of F is a value; "" if there is
/// none.
std::string addressPlace(const Program &P, const FunctionDef &F) {
  if (!F.AddressTaken)
    return "";
  for (const auto &U : P.Units)
    if (const Function *Here = U->M->getFunction(F.F->getName()))
      if (resolve(P, *U, Here->getName()) == &F)
        if (std::string Place = addressPlace(*Here); !Place.empty())
          return Place;
  return F.HeldBy;
}

//===----------------------------------------------------------------------===//
// May old code run on the data of the new version?
//===----------------------------------------------------------------------===//

/// The code of a removed function, and of all that it calls whose old code may
/// run with it: what is removed too, and what may have been inlined or has no
/// entry that jumps. It finds old storage and entries that lead to new code.
class OldCode {
public:
  OldCode(const Program &Old, const ProgramMatch &Match, const PatchPlan &Plan,
          Transformers &Types)
      : Old(Old), Match(Match), Plan(Plan), Types(Types) {}

  /// Why it must not run; "" if it may.
  std::string obstacle(const FunctionDef &F);

private:
  std::string obstacleIn(const FunctionDef &F);
  std::string obstacleTo(const Value &Operand, const FunctionDef &In);
  std::string obstacleTo(const GlobalVariable &G);
  std::string obstacleTo(const FunctionDef &F);

  const Program &Old;
  const ProgramMatch &Match;
  const PatchPlan &Plan;
  Transformers &Types;
  std::vector<const FunctionDef *> Work;
  std::set<const FunctionDef *> Seen;
  std::set<const Constant *> SeenConstants;
};

std::string OldCode::obstacleTo(const GlobalVariable &G) {
  auto Def = Old.Globals.find(keyOf(G));
  if (Def == Old.Globals.end() || G.hasPrivateLinkage() || !G.hasName())
    return "";
  const GlobalDef *New = Match.Globals.newOf(Def->first);
  if (!New)
    return ""; // it has what it had; new code does not know of it
  const GlobalPlan &P = Plan.Globals.at(New->Key);
  std::string Name = "variable '" + Def->second.Name + "'";
  if (P.Where == Storage::Moved && !P.KeepInitializer)
    return Name + ", whose storage moves";
  if (Types.leadsToChange(*Def->second.G, *New->G))
    return Name + ", which leads to objects whose layout changes";
  return "";
}

std::string OldCode::obstacleTo(const FunctionDef &F) {
  const FunctionDef *New = Match.Functions.newOf(F.Key);
  if (New && !Types.sameSignature(*F.F, *New->F))
    return F.Name + "(), whose signature changes";
  bool EntryJumps = F.AddressTaken || !F.Local;
  bool Inlined = !F.F->hasFnAttribute(Attribute::NoInline);
  if ((!New || !EntryJumps || Inlined) && Seen.insert(&F).second)
    Work.push_back(&F);
  return "";
}

std::string OldCode::obstacleTo(const Value &Operand, const FunctionDef &In) {
  const auto *C = dyn_cast<Constant>(&Operand);
  if (!C)
    return "";
  if (const auto *F = dyn_cast<Function>(C)) {
    const FunctionDef *Def = resolve(Old, *In.Owner, F->getName());
    return Def ? obstacleTo(*Def) : "";
  }
  if (const auto *G = dyn_cast<GlobalVariable>(C))
    return obstacleTo(*G);
  if (!SeenConstants.insert(C).second)
    return "";
  for (const Use &U : C->operands())
    if (std::string Found = obstacleTo(*U, In); !Found.empty())
      return Found;
  return "";
}

std::string OldCode::obstacleIn(const FunctionDef &F) {
  std::string Type = Types.changedTypeIn(*F.F);
  if (!Type.empty())
    return Type + ", whose layout changes";
  for (const Instruction &I : instructions(*F.F))
    for (const Use &U : I.operands())
      if (std::string Found = obstacleTo(*U, F); !Found.empty())
        return Found;
  return "";
}

std::string OldCode::obstacle(const FunctionDef &F) {
  Seen.insert(&F);
  Work.push_back(&F);
  while (!Work.empty()) {
    const FunctionDef *Next = Work.back();
    Work.pop_back();
    std::string Found = obstacleIn(*Next);
    if (!Found.empty())
      return (Next == &F ? "it" : Next->Name + "(), which it calls,") +
             " uses " + Found;
  }
  return "";
}

//===----------------------------------------------------------------------===//
// Answers
//===----------------------------------------------------------------------===//

class Checker {
public:
  Checker(const Program &Old, const ProgramMatch &Match, const PatchPlan &Plan,
          Transformers &Types, const OverrideFile &Override,
          RemovalPolicy Policy, Problems &Out)
      : Old(Old), Match(Match), Plan(Plan), Types(Types), Override(Override),
        Policy(Policy), Out(Out) {}

  RemovedFunctions run();

private:
  void readOverride();
  void neverCalled(const FunctionDef &F);
  void keep(const FunctionDef &F);
  void checkRemoved(const FunctionDef &F, const std::string &Place);
  void decideUnseen(const FunctionDef &F);
  void warnOfExported();
  bool breaksOldCode() const;

  const Program &Old;
  const ProgramMatch &Match;
  const PatchPlan &Plan;
  Transformers &Types;
  const OverrideFile &Override;
  RemovalPolicy Policy;
  Problems &Out;
  std::map<const FunctionDef *, bool> Allowed; // true: never called
  RemovedFunctions Result;
};

void Checker::readOverride() {
  for (const OverrideFile::KeepEntry &K : Override.Keep) {
    const FunctionDef *F = lookUp(Old, K.Function, "upstare_keep", Out);
    if (!F)
      continue;
    if (!Match.Functions.newOf(F->Key))
      Allowed[F] = K.NeverCalled;
    else if (!F->Local || F->AddressTaken)
      Out.missing(Override.Path,
                  "upstare_keep: '" + K.Function + "' is not removed",
                  "take the entry out");
    else if (K.NeverCalled) // of pointers from before OLD; see also Plan.cpp
      neverCalled(*F);
  }
}

void Checker::neverCalled(const FunctionDef &F) {
  Result.NeverCalled.push_back(F.Name);
  Result.Decided.push_back({F.Key, /*GoesOn=*/false});
}

void Checker::keep(const FunctionDef &F) {
  Result.Kept.push_back(F.Name);
  Result.Decided.push_back({F.Key, /*GoesOn=*/true});
}

/// OLD does not take the address of F; a version before it may have.
void Checker::decideUnseen(const FunctionDef &F) {
  auto Found = Allowed.find(&F);
  if (Found != Allowed.end() && Found->second)
    return neverCalled(F);
  if (Found == Allowed.end() && !Policy.Keep && !Policy.Refuse)
    return;
  std::string Obstacle = OldCode(Old, Match, Plan, Types).obstacle(F);
  if (Found == Allowed.end()) {
    if (Obstacle.empty())
      Result.Decided.push_back({F.Key, /*GoesOn=*/true});
    return;
  }
  if (Obstacle.empty())
    return keep(F);
  Out.missing(placeOf(F),
              "upstare_keep: the old code of '" + F.Name +
                  "' is not safe to run: " + Obstacle,
              "keep it in the new version; or write its successor into "
              "upstare_renames; or say UPSTARE_NEVER_CALLED");
}

void Checker::checkRemoved(const FunctionDef &F, const std::string &Place) {
  auto Found = Allowed.find(&F);
  if (Found != Allowed.end() && Found->second)
    return neverCalled(F);
  std::string What = "function '" + F.Name +
                     "' is removed, but its address is taken " + Place +
                     ": its old code would run where a pointer to it is kept";
  std::string Row = "upstare_keep {\"" + F.Name + "\"";
  std::string Stay = "keep it in the new version; or write its successor into "
                     "upstare_renames";
  std::string Never =
      Row + ", UPSTARE_NEVER_CALLED} if no pointer to it is left";
  std::string Obstacle = OldCode(Old, Match, Plan, Types).obstacle(F);
  if (!Obstacle.empty()) {
    Out.missing(placeOf(F), What + ", which is not safe: " + Obstacle,
                Stay + "; or " + Never);
    return;
  }
  if (Found == Allowed.end() && !Policy.Keep && !Policy.Refuse) {
    Out.missing(placeOf(F), What,
                Stay + "; or let the old code go on: " + Row +
                    "} in the override file, --keep-removed for all; or " +
                    Never);
    return;
  }
  keep(F);
  if (Found == Allowed.end())
    Out.warn(Twine(placeOf(F)) + ": " + What);
}

/// Modules that are loaded at run time may hold anything that is exported.
void Checker::warnOfExported() {
  std::string By = unknownLookup(Old);
  if (By.empty())
    return;
  auto IsExported = [&](const FunctionDef &F) {
    return !F.Local && F.Address && !F.AddressTaken && !Allowed.count(&F) &&
           Old.Images[F.Image]->exports(F.Name);
  };
  std::vector<std::string> Names;
  for (const FunctionDef *F : Match.Functions.Removed)
    if (IsExported(*F))
      Names.push_back(F->Name + "() is removed");
  for (const auto &Pair : Match.Functions.Pairs)
    if (IsExported(*Pair.Old) &&
        !Types.sameSignature(*Pair.Old->F, *Pair.New->F))
      Names.push_back(Pair.Old->Name + "() changes its signature");
  if (Names.empty())
    return;
  llvm::sort(Names);
  Out.warn("what the program finds by " + By +
           " would call as before what is exported: " + join(Names, ", "));
}

bool Checker::breaksOldCode() const {
  return Types.anyTypeChanges() ||
         llvm::any_of(Plan.Globals,
                      [](const auto &G) {
                        return G.second.Where == Storage::Moved &&
                               !G.second.KeepInitializer;
                      }) ||
         llvm::any_of(Match.Functions.Removed,
                      [](const FunctionDef *F) {
                        return F->Address && (F->AddressTaken || !F->Local);
                      }) ||
         llvm::any_of(Match.Functions.Pairs, [&](const auto &Pair) {
           return !Types.sameSignature(*Pair.Old->F, *Pair.New->F);
         });
}

RemovedFunctions Checker::run() {
  readOverride();
  Result.BreaksOldCode = breaksOldCode();
  for (const FunctionDef *F : Match.Functions.Removed)
    if (std::string Place = addressPlace(Old, *F); F->Address && !Place.empty())
      checkRemoved(*F, Place);
    else
      decideUnseen(*F);
  warnOfExported();
  for (const auto &Pair : Match.Functions.Pairs)
    if (Pair.Old->AddressTaken && Pair.Old->Address &&
        !Types.sameSignature(*Pair.Old->F, *Pair.New->F))
      if (std::string Place = addressPlace(Old, *Pair.Old); !Place.empty())
        Out.warn(Twine(placeOf(*Pair.Old)) + ": function '" + Pair.Old->Name +
                 "' changes its signature, and its address is taken " + Place +
                 ": code that is not updated (a library) would call it as "
                 "before");
  llvm::sort(Result.Kept);
  llvm::sort(Result.NeverCalled);
  return std::move(Result);
}

} // namespace

RemovedFunctions patchgen::checkRemoved(const Program &Old,
                                        const ProgramMatch &Match,
                                        const PatchPlan &Plan,
                                        Transformers &Types,
                                        const OverrideFile &Override,
                                        RemovalPolicy Policy, Problems &Out) {
  return Checker(Old, Match, Plan, Types, Override, Policy, Out).run();
}
