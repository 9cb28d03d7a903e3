//===- Plan.cpp - where each global and function of NEW lives -------------===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which globals of NEW stay in their running storage, which get new storage in
// the patch, and which functions keep an address from before?
//
// Variables stay if their type does; their values are the running ones whatever
// NEW's initialiser says. Constants stay if their contents do too: nothing ever
// writes them, so new contents need new storage. A constant that refers to a
// global that moves must move with it, hence the fixed point.
//
//===----------------------------------------------------------------------===//

#include "Plan.h"
#include "Definitions.h"
#include "Initialisers.h"
#include "SectionSets.h"
#include "llvm/Support/FormatVariadic.h"

using namespace llvm;
using namespace upstare;
using namespace upstare::patchgen;

std::string patchgen::patchSymbol(StringRef Kind, uint64_t Key) {
  return formatv("us.{0}.{1:x-16}", Kind, Key).str();
}

namespace {

class Planner {
public:
  Planner(const Program &Old, const Program &New, const ProgramMatch &Match,
          const OverrideFile &Override, Transformers &T, Problems &Out)
      : Old(Old), New(New), Match(Match), Override(Override), T(T), Out(Out),
        OldSections(findSectionSets(Old)), NewSections(findSectionSets(New)) {}

  Expected<PatchPlan> run();

private:
  Error checkThreadLocal(const GlobalDef &Def);
  Error checkSupported();
  void planGlobal(const GlobalDef &Def);
  void compareInitialisers();
  bool moveSections();
  Error checkSections();
  Error checkFolded();
  void compareAliases();
  void tellInitialisers();
  void nameGlobal(GlobalPlan &G);
  void tellTransformers();
  void findKept();
  void planFunction(const FunctionDef &Def);
  bool stays(const GlobalDef &NewDef) const;

  const Program &Old, &New;
  const ProgramMatch &Match;
  const OverrideFile &Override;
  Transformers &T;
  Problems &Out;
  const std::map<std::string, SectionSet> OldSections, NewSections;
  std::set<const FunctionDef *> Kept; // of NEW, by the user's word
  PatchPlan Plan;
};

/// A thread-local variable stays what it is; its storage is each thread's own.
Error Planner::checkThreadLocal(const GlobalDef &Def) {
  const GlobalDef *Before = Match.Globals.oldOf(Def.Key);
  bool Was = Before && Before->G->isThreadLocal();
  if (!Def.G->isThreadLocal() && !Was)
    return Error::success();
  std::string Name = "thread-local variable '" + Def.Name + "' (" +
                     Def.Owner->SourcePath + ")";
  if (!Before) {
    Out.warn(Name +
             " is new: the version after this one cannot keep its value, "
             "and no patch to it can be made");
    return Error::success();
  }
  if (Was != Def.G->isThreadLocal() || !T.sameType(*Before->G, *Def.G))
    return badInput(New.path(), Name + " changes its type, or whether it is "
                                       "thread-local: no patch can convert it "
                                       "in every thread");
  if (T.holdsPointers(*Def.G))
    Out.warn(Name + " holds pointers: they are not forwarded if what they "
                    "point to moves");
  return Error::success();
}

Error Planner::checkSupported() {
  for (const auto &[Key, G] : New.Globals)
    if (Error E = checkThreadLocal(G))
      return E;
  for (const auto &U : New.Units)
    for (const GlobalIFunc &F : U->M->ifuncs())
      return badInput(New.path(), "'" + F.getName() + "' (" + U->SourcePath +
                                      ") is an ifunc, which a patch cannot "
                                      "hold; select the function at run time "
                                      "by a pointer");
  return Error::success();
}

bool Planner::stays(const GlobalDef &NewDef) const {
  return Plan.Globals.at(NewDef.Key).Where == Storage::Bound;
}

/// All but the contents of constants.
void Planner::planGlobal(const GlobalDef &Def) {
  GlobalPlan G;
  G.New = &Def;
  G.ThreadLocal = Def.G->isThreadLocal();
  G.Size =
      Def.Owner->M->getDataLayout().getTypeAllocSize(Def.G->getValueType());
  G.Old = Match.Globals.oldOf(Def.Key);
  if (!G.Old || !G.Old->Address) {
    if (G.Old && !Def.G->isConstant() && !G.Old->G->isConstant())
      Out.warn("variable '" + Def.Name +
               "' has no storage in the old program (the optimiser dropped "
               "it): it starts with its initialiser");
    G.Old = nullptr;
  } else if (Def.G->isConstant() != G.Old->G->isConstant()) {
    G.Where = Storage::Moved;
    G.KeepInitializer = true;
  } else if (!T.sameType(*G.Old->G, *Def.G)) {
    G.Where = Storage::Moved;
    G.KeepInitializer = Def.G->isConstant();
  } else {
    G.Where = Storage::Bound;
  }
  Plan.Globals[Def.Key] = std::move(G);
}

void Planner::compareInitialisers() {
  InitialiserComparer Comparer(
      Old, New, Match, [&](const GlobalDef &Def) { return stays(Def); });
  bool Changed = true;
  while (Changed) {
    Changed = false;
    for (auto &[Key, G] : Plan.Globals) {
      if (G.Where != Storage::Bound || !G.New->G->isConstant() ||
          Comparer.equal(*G.Old, *G.New))
        continue;
      G.Where = Storage::Moved;
      G.KeepInitializer = true;
      Changed = true;
    }
  }
}

/// Of a section that is gone through from __start_NAME to __stop_NAME, all of
/// the contents stay, or none.
bool Planner::moveSections() {
  bool Changed = false;
  for (const auto &[Name, Set] : NewSections) {
    auto Before = OldSections.find(Name);
    ArrayRef<const GlobalDef *> OldSet;
    if (Before != OldSections.end())
      OldSet = Before->second;
    bool Same = OldSet.size() == Set.size();
    for (size_t I = 0; Same && I != Set.size(); ++I)
      Same = Match.Globals.newOf(OldSet[I]->Key) == Set[I] && stays(*Set[I]);
    if (Same || !Plan.OwnSections.insert(Name).second)
      continue;
    Changed = true;
    for (const GlobalDef *Def : Set) {
      GlobalPlan &G = Plan.Globals.at(Def->Key);
      if (G.Where != Storage::Bound)
        continue;
      G.Where = Storage::Moved;
      G.KeepInitializer = Def->G->isConstant();
      G.Elsewhere = true;
    }
  }
  return Changed;
}

/// What an uninstrumented object puts into a section cannot move with it.
Error Planner::checkSections() {
  for (const auto &[Name, Set] : NewSections) {
    unsigned Home = Set.empty() ? 0 : Set.front()->Owner->Image;
    const Image &In = *New.Images[Home];
    for (const GlobalDef *Def : Set)
      if (Def->Owner->Image != Home)
        return badInput(In.path(), "section " + Name + " is here and in " +
                                       New.Images[Def->Owner->Image]->path() +
                                       ", which have a __start_" + Name +
                                       " each; rename one (a patch holds each "
                                       "name once)");
    const ElfSymbol *Begin = findNative(New, Home, "__start_" + Name).Symbol;
    const ElfSymbol *End = findNative(New, Home, "__stop_" + Name).Symbol;
    if (!Begin || !End || !Plan.OwnSections.count(Name))
      continue;
    for (const ElfSymbol &S : In.Symbols)
      if (!S.IsThreadLocal && S.Address >= Begin->Address &&
          S.Address < End->Address && sectionOfBound(S.Name).empty() &&
          llvm::none_of(
              Set,
              [&](const GlobalDef *Def) { return Def->Address == S.Address; }))
        return badInput(In.path(),
                        "section " + Name +
                            " is not what it was, and also holds '" + S.Name +
                            "' of an object that is not instrumented; compile "
                            "that object with upstare-cc");
  }
  return Error::success();
}

/// Functions that the linker folded into one have one address, which leads to
/// one successor.
Error Planner::checkFolded() {
  std::map<std::pair<unsigned, uint64_t>, std::vector<const FunctionDef *>>
      ByAddress;
  for (const auto &[Key, Def] : Old.Functions)
    if (Def.Address && (Def.AddressTaken || !Def.Local))
      ByAddress[{Def.Image, Def.Address}].push_back(&Def);
  for (const auto &[Address, Defs] : ByAddress) {
    const FunctionDef *First = Match.Functions.newOf(Defs[0]->Key);
    auto Unchanged = [&](const FunctionDef *Def) {
      const FunctionDef *Next = Match.Functions.newOf(Def->Key);
      return !Next || Next->Fingerprint == Def->Fingerprint;
    };
    auto LikeFirst = [&](const FunctionDef *Def) {
      const FunctionDef *Next = Match.Functions.newOf(Def->Key);
      return First && Next && Next->Fingerprint == First->Fingerprint;
    };
    if (Defs.size() == 1 || llvm::all_of(Defs, Unchanged) ||
        llvm::all_of(Defs, LikeFirst))
      continue;
    const FunctionDef *Changed = *llvm::find_if_not(Defs, Unchanged);
    const FunctionDef *Other = Changed == Defs[0] ? Defs[1] : Defs[0];
    return badInput(Old.Images[Changed->Image]->path(),
                    Changed->Name + "() (" + Changed->Owner->SourcePath +
                        ") changes, and has the same address as " +
                        Other->Name + "() (" + Other->Owner->SourcePath +
                        "), because the linker folded identical code; link "
                        "the old version with -Wl,--icf=none");
  }
  return Error::success();
}

/// A kept pointer does not say by which name it was made.
void Planner::compareAliases() {
  auto Compare = [&](const auto &OldAliases, const auto &NewAliases,
                     const auto &Matching, const auto &Definitions,
                     StringRef Suffix) {
    for (const auto &[Name, Target] : NewAliases) {
      auto It = OldAliases.find(Name);
      if (It == OldAliases.end())
        continue;
      const auto *Next = Matching.newOf(It->second);
      auto Before = Definitions.find(It->second);
      if (Before == Definitions.end() || (Next && Next->Key == Target))
        continue;
      Out.warn("alias '" + Name + "' stands for something else than " +
               Before->second.Name + Suffix + " (" +
               Before->second.Owner->SourcePath +
               ") in the new version: pointers that were made of it lead to " +
               "what " + Before->second.Name + Suffix + " is now");
    }
  };
  Compare(Old.FunctionAliases, New.FunctionAliases, Match.Functions,
          Old.Functions, "()");
  Compare(Old.VariableAliases, New.VariableAliases, Match.Globals, Old.Globals,
          "");
}

/// Variables keep their values; a changed initialiser is worth telling.
void Planner::tellInitialisers() {
  InitialiserComparer Comparer(
      Old, New, Match, [&](const GlobalDef &Def) { return stays(Def); });
  for (auto &[Key, G] : Plan.Globals)
    G.OtherInitialiser = G.Where == Storage::Bound && !G.New->G->isConstant() &&
                         !Comparer.equal(*G.Old, *G.New);
}

void Planner::nameGlobal(GlobalPlan &G) {
  if (G.Where == Storage::Bound)
    G.Symbol = patchSymbol(G.ThreadLocal ? "t" : "g", G.New->Key);
  else if (G.New->Local)
    G.Symbol = patchSymbol("s", G.New->Key);
  else
    G.Symbol = G.New->Name;
  if (G.Where == Storage::Moved)
    G.OldSymbol = patchSymbol("old", G.New->Key);
}

void Planner::tellTransformers() {
  for (auto &[Key, G] : Plan.Globals) {
    nameGlobal(G);
    if (!G.Old) {
      if (!G.New->G->isConstant() && G.New->G->hasMetadata() && !G.ThreadLocal)
        T.addNewGlobal(*G.New->G, G.New->Name, G.Symbol);
      continue;
    }
    if (G.ThreadLocal)
      continue;
    GlobalPair Pair;
    Pair.Name = G.New->Name;
    Pair.NewKey = Key;
    Pair.Old = G.Old->G;
    Pair.New = G.New->G;
    Pair.Symbol = G.Symbol;
    Pair.OldSymbol = patchSymbol("old", Key);
    Pair.KeepInitializer = G.KeepInitializer;
    Pair.Elsewhere = G.Elsewhere;
    bool Moves = T.addGlobal(std::move(Pair));
    assert(Moves == (G.Where == Storage::Moved) &&
           "sameType and addGlobal differ");
    (void)Moves;
  }
}

/// Functions of both versions of which the user says that pointers from
/// versions before OLD are left.
void Planner::findKept() {
  Problems Unsaid; // RemovedFunctions.cpp tells them
  for (const OverrideFile::KeepEntry &K : Override.Keep)
    if (!K.NeverCalled)
      if (const FunctionDef *F = lookUp(Old, K.Function, "", Unsaid))
        if (const FunctionDef *Next = Match.Functions.newOf(F->Key))
          Kept.insert(Next);
}

/// A function has an address from before if someone may hold one. Not known
/// here is whether a version before OLD used the address of a static function
/// as a value while OLD and NEW do not: if so, the runtime refuses the patch.
void Planner::planFunction(const FunctionDef &Def) {
  FunctionPlan F;
  F.New = &Def;
  F.Old = Match.Functions.oldOf(Def.Key);
  F.EntrySymbol = Def.Local ? patchSymbol("s", Def.Key) : Def.Name;
  F.Held =
      Def.AddressTaken || Kept.count(&Def) || (F.Old && F.Old->AddressTaken);
  if (F.Old && (F.Held || !F.Old->Local || !Def.Local))
    F.CanonicalSymbol = patchSymbol("fn", Def.Key);
  Plan.Functions[Def.Key] = std::move(F);
}

Expected<PatchPlan> Planner::run() {
  if (Error E = checkSupported())
    return std::move(E);
  for (const auto &[Key, Def] : New.Globals)
    planGlobal(Def);
  do
    compareInitialisers();
  while (moveSections());
  if (Error E = checkSections())
    return std::move(E);
  if (Error E = checkFolded())
    return std::move(E);
  compareAliases();
  tellInitialisers();
  tellTransformers();
  findKept();
  for (const auto &[Key, Def] : New.Functions)
    planFunction(Def);
  return std::move(Plan);
}

} // namespace

Expected<PatchPlan> patchgen::makePlan(const Program &Old, const Program &New,
                                       const ProgramMatch &Match,
                                       const OverrideFile &Override,
                                       Transformers &T, Problems &Out) {
  return Planner(Old, New, Match, Override, T, Out).run();
}
