//===- StaticVariables.cpp - static variables that changed places ---------===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which static variable of a function is which one of NEW, if its function has
// another name there, or if it is outside of functions in one of the versions?
//
// A variable of one function is not taken for one of another function that has
// the same name (`count`, `buffer`): nothing is known of them. The user is
// told.
//
//===----------------------------------------------------------------------===//

#include "StaticVariables.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/Support/Path.h"

using namespace llvm;
using namespace upstare;
using namespace upstare::patchgen;

namespace {

/// A variable as the source has it.
struct Variable {
  const GlobalDef *Def;
  StringRef Name;
  const DISubprogram *Function; // null: outside of functions
  std::string Place;
};

using ByName = MapVector<StringRef, std::vector<Variable>>;

ByName variablesLeft(const Program &P, const std::map<uint64_t, size_t> &Done) {
  ByName Result;
  for (const auto &[Key, Def] : P.Globals) {
    if (Done.count(Key))
      continue;
    SmallVector<DIGlobalVariableExpression *, 1> Infos;
    Def.G->getDebugInfo(Infos);
    if (Infos.empty())
      continue;
    const DIGlobalVariable *Info = Infos.front()->getVariable();
    const auto *Scope = dyn_cast_or_null<DILocalScope>(Info->getScope());
    std::string Place = (sys::path::filename(Info->getFilename()) + ":" +
                         Twine(Info->getLine()))
                            .str();
    Result[Info->getName()].push_back({&Def, Info->getName(),
                                       Scope ? Scope->getSubprogram() : nullptr,
                                       std::move(Place)});
  }
  return Result;
}

std::map<const DISubprogram *, const FunctionDef *>
functionsOf(const Program &P) {
  std::map<const DISubprogram *, const FunctionDef *> Result;
  for (const auto &[Key, Def] : P.Functions)
    if (const DISubprogram *S = Def.F->getSubprogram())
      Result[S] = &Def;
  return Result;
}

void tellApart(const std::vector<Variable> &Olds,
               const std::vector<Variable> &News, Problems &Out) {
  const Variable &O = Olds.front(), &N = News.front();
  if (N.Def->G->isConstant() || O.Def->G->isConstant())
    return;
  Out.warn("variable '" + N.Def->Name + "' (" + N.Place +
           ") is new and starts with its initialiser, though the old program "
           "has '" +
           O.Def->Name + "' (" + O.Place +
           "); if they are one, name both in upstare_renames");
}

} // namespace

std::vector<Pair<GlobalDef>>
patchgen::matchStaticVariables(const Program &Old, const Program &New,
                               const Matching<FunctionDef> &Functions,
                               const Matching<GlobalDef> &GlobalsSoFar,
                               Problems &Out) {
  std::vector<Pair<GlobalDef>> Pairs;
  ByName OldLeft = variablesLeft(Old, GlobalsSoFar.ByOld);
  auto OldFunctions = functionsOf(Old), NewFunctions = functionsOf(New);
  auto InOneFunction = [&](const Variable &O, const Variable &N) {
    const FunctionDef *Before = OldFunctions[O.Function];
    return Before && Functions.newOf(Before->Key) == NewFunctions[N.Function];
  };
  ByName NewLeft = variablesLeft(New, GlobalsSoFar.ByNew);
  for (auto &Left : NewLeft) {
    std::vector<Variable> &News = Left.second;
    auto It = OldLeft.find(Left.first);
    if (It == OldLeft.end())
      continue;
    std::vector<Variable> &Olds = It->second;
    auto Take = [&](auto Fits) {
      for (auto N = News.begin(); N != News.end();) {
        auto O =
            llvm::find_if(Olds, [&](const Variable &V) { return Fits(V, *N); });
        if (O == Olds.end()) {
          ++N;
          continue;
        }
        Pairs.push_back({O->Def, N->Def, MatchKind::Moved});
        Olds.erase(O);
        N = News.erase(N);
      }
    };
    Take(InOneFunction);
    if (Olds.size() == 1 && News.size() == 1)
      Take([](const Variable &O, const Variable &N) {
        return !O.Function || !N.Function;
      });
    if (!Olds.empty() && !News.empty())
      tellApart(Olds, News, Out);
  }
  return Pairs;
}
