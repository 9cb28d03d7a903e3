//===- Match.cpp - what of OLD goes on as what in NEW ---------------------===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which function and which global of OLD is which one of NEW? Rounds, each on
// what the earlier ones left: the user's renames; linkage names and (file,
// name); names that only one candidate has left; similarity (Similarity.h);
// static variables that changed places (StaticVariables.h).
//
//===----------------------------------------------------------------------===//

#include "Match.h"
#include "Similarity.h"
#include "StaticVariables.h"
#include "upstare/abi.h"
#include "llvm/Support/Path.h"

using namespace llvm;
using namespace upstare;
using namespace upstare::patchgen;

namespace {

/// How many last components two paths share.
unsigned commonEnd(StringRef A, StringRef B) {
  unsigned Count = 0;
  auto I = sys::path::rbegin(A), IEnd = sys::path::rend(A);
  auto J = sys::path::rbegin(B), JEnd = sys::path::rend(B);
  for (; I != IEnd && J != JEnd && *I == *J; ++I, ++J)
    ++Count;
  return Count;
}

/// Which unit of OLD each unit of NEW continues. Greedy from the best pair on.
std::map<const Unit *, const Unit *> matchUnits(const Program &Old,
                                                const Program &New) {
  struct Candidate {
    unsigned Common;
    size_t Old, New;
  };
  std::vector<Candidate> Candidates;
  for (size_t N = 0; N != New.Units.size(); ++N)
    for (size_t O = 0; O != Old.Units.size(); ++O)
      if (unsigned Common =
              commonEnd(Old.Units[O]->SourcePath, New.Units[N]->SourcePath))
        Candidates.push_back({Common, O, N});
  llvm::sort(Candidates, [](const Candidate &A, const Candidate &B) {
    return std::tie(B.Common, A.New, A.Old) < std::tie(A.Common, B.New, B.Old);
  });
  std::map<const Unit *, const Unit *> OldOf;
  std::set<const Unit *> Used;
  for (const Candidate &C : Candidates) {
    const Unit *O = Old.Units[C.Old].get(), *N = New.Units[C.New].get();
    if (!Used.count(O) && OldOf.try_emplace(N, O).second)
      Used.insert(O);
  }
  return OldOf;
}

template <typename Def> class Matcher {
public:
  Matcher(const std::map<uint64_t, Def> &Old,
          const std::map<uint64_t, Def> &New,
          const std::map<const Unit *, const Unit *> &OldUnit)
      : OldDefs(Old), NewDefs(New), OldUnit(OldUnit) {}

  void add(const Def &Old, const Def &New, MatchKind Kind) {
    Result.ByOld[Old.Key] = Result.ByNew[New.Key] = Result.Pairs.size();
    Result.Pairs.push_back({&Old, &New, Kind});
  }
  bool isFree(const Def &Old, const Def &New) const {
    return !Result.ByOld.count(Old.Key) && !Result.ByNew.count(New.Key);
  }

  /// Same linkage name, or static in matching files under one name.
  void matchNames() {
    std::map<std::pair<const Unit *, StringRef>, const Def *> Locals;
    std::map<StringRef, const Def *> Globals;
    for (const auto &[Key, Old] : OldDefs)
      if (Old.Local)
        Locals[{Old.Owner, Old.Name}] = &Old;
      else
        Globals[Old.Name] = &Old;
    for (const auto &[Key, New] : NewDefs) {
      const Def *Old = nullptr;
      if (!New.Local)
        Old = lookUp(Globals, New.Name);
      else if (auto It = OldUnit.find(New.Owner); It != OldUnit.end())
        Old = lookUp(Locals, std::make_pair(It->second, StringRef(New.Name)));
      if (Old && isFree(*Old, New))
        add(*Old, New, MatchKind::SameName);
    }
  }

  /// A name that is left once in either version: moved to another file, or its
  /// linkage changed.
  void matchLeftNames() {
    std::map<StringRef, std::vector<const Def *>> Old, New;
    for (const auto &[Key, D] : OldDefs)
      if (!Result.ByOld.count(Key))
        Old[D.Name].push_back(&D);
    for (const auto &[Key, D] : NewDefs)
      if (!Result.ByNew.count(Key))
        New[D.Name].push_back(&D);
    for (const auto &[Name, Olds] : Old)
      if (auto It = New.find(Name);
          It != New.end() && Olds.size() == 1 && It->second.size() == 1)
        add(*Olds[0], *It->second[0], MatchKind::Moved);
  }

  Matching<Def> finish() {
    for (const auto &[Key, D] : OldDefs)
      if (!Result.ByOld.count(Key))
        Result.Removed.push_back(&D);
    for (const auto &[Key, D] : NewDefs)
      if (!Result.ByNew.count(Key))
        Result.Added.push_back(&D);
    return std::move(Result);
  }

  Matching<Def> Result;

private:
  template <typename Map, typename Key>
  static const Def *lookUp(const Map &M, const Key &K) {
    auto It = M.find(K);
    return It == M.end() ? nullptr : It->second;
  }

  const std::map<uint64_t, Def> &OldDefs, &NewDefs;
  const std::map<const Unit *, const Unit *> &OldUnit;
};

/// Whether D is what Spec, "name" or "file.c:name", names.
template <typename Def> bool isNamed(const Def &D, StringRef Spec) {
  auto [File, Name] = Spec.rsplit(':');
  if (Name.empty())
    return D.Name == Spec;
  return D.Name == Name && commonEnd(D.Owner->SourcePath, File) ==
                               unsigned(std::distance(sys::path::begin(File),
                                                      sys::path::end(File)));
}

template <typename Def>
std::vector<const Def *> named(const std::map<uint64_t, Def> &Defs,
                               StringRef Spec) {
  std::vector<const Def *> Found;
  for (const auto &[Key, D] : Defs)
    if (isNamed(D, Spec))
      Found.push_back(&D);
  return Found;
}

/// Enters the user's renames; counts how many definitions each one fits.
template <typename Def>
unsigned addRename(Matcher<Def> &M, const std::map<uint64_t, Def> &Old,
                   const std::map<uint64_t, Def> &New,
                   const OverrideFile::RenameEntry &R) {
  auto Olds = named(Old, R.Old), News = named(New, R.New);
  if (Olds.size() == 1 && News.size() == 1 && M.isFree(*Olds[0], *News[0]))
    M.add(*Olds[0], *News[0], MatchKind::ByUser);
  return Olds.size() * News.size();
}

/// Functions that the program's frames may belong to, left over in either
/// version: the best candidate that is good, and clearly better than the next.
void matchSimilar(Matcher<FunctionDef> &M, const Program &Old,
                  const Program &New) {
  constexpr double Good = 0.65, Clearly = 0.1;
  auto HasFrames = [](const FunctionDef &F) {
    return F.Shape && !F.Shape->Points.empty();
  };
  Similarity Alike(Old, New, M.Result);
  struct Candidate {
    double Score;
    const FunctionDef *Old, *New;
  };
  std::vector<Candidate> Candidates;
  for (const auto &[OldKey, O] : Old.Functions)
    for (const auto &[NewKey, N] : New.Functions)
      if (M.isFree(O, N) && HasFrames(O) && HasFrames(N))
        if (double Score = Alike.score(O, N); Score >= Good)
          Candidates.push_back({Score, &O, &N});
  auto HasRival = [&](const Candidate &C) {
    return llvm::any_of(Candidates, [&](const Candidate &Other) {
      return (Other.Old == C.Old) != (Other.New == C.New) &&
             M.isFree(*Other.Old, *Other.New) &&
             Other.Score > C.Score - Clearly;
    });
  };
  llvm::sort(Candidates, [](const Candidate &A, const Candidate &B) {
    return std::tie(B.Score, A.Old->Key, A.New->Key) <
           std::tie(A.Score, B.Old->Key, B.New->Key);
  });
  for (const Candidate &C : Candidates)
    if (M.isFree(*C.Old, *C.New) && !HasRival(C))
      M.add(*C.Old, *C.New, MatchKind::Renamed);
}

} // namespace

ProgramMatch patchgen::matchPrograms(const Program &Old, const Program &New,
                                     const OverrideFile &Override,
                                     Problems &Out) {
  auto OldUnit = matchUnits(Old, New);
  Matcher<FunctionDef> Functions(Old.Functions, New.Functions, OldUnit);
  Matcher<GlobalDef> Globals(Old.Globals, New.Globals, OldUnit);
  for (const auto &R : Override.Renames) {
    unsigned Found = addRename(Functions, Old.Functions, New.Functions, R) +
                     addRename(Globals, Old.Globals, New.Globals, R);
    if (Found != 1)
      Out.missing(Override.Path,
                  "upstare_renames: '" + R.Old + "' → '" + R.New + "' names " +
                      (Found ? "more than one" : "no") +
                      " function or global in both programs",
                  Found ? "write \"file.c:name\"" : "correct the names");
  }
  Functions.matchNames();
  Globals.matchNames();
  Functions.matchLeftNames();
  Globals.matchLeftNames();
  matchSimilar(Functions, Old, New);
  for (const Pair<GlobalDef> &P :
       matchStaticVariables(Old, New, Functions.Result, Globals.Result, Out))
    Globals.add(*P.Old, *P.New, P.Kind);
  return {Functions.finish(), Globals.finish()};
}

const FunctionDef *patchgen::resolve(const Program &P, const Unit &U,
                                     StringRef Name) {
  const Function *F = U.M->getFunction(Name);
  // Main is renamed where it gets an entry of its own.
  uint64_t Key = F && F->hasLocalLinkage() && Name != "main"
                     ? keyOf(*F)
                     : upstare_key(Name.str().c_str());
  auto It = P.Functions.find(Key);
  return It == P.Functions.end() ? nullptr : &It->second;
}

const FunctionDef *patchgen::lookUp(const Program &P, StringRef Spec,
                                    StringRef Array, Problems &Out) {
  auto Found = named(P.Functions, Spec);
  if (Found.size() == 1)
    return Found[0];
  Out.missing(P.path(),
              (Array + ": '" + Spec + "' names " +
               (Found.empty() ? "no" : "more than one") + " function")
                  .str(),
              Found.empty() ? "correct the name" : "write \"file.c:name\"");
  return nullptr;
}
