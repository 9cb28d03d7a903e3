//===- Analysis.cpp - everything decided about a patch --------------------===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What becomes of each function, frame, point and global?
//
//===----------------------------------------------------------------------===//

#include "Analysis.h"
#include "ArmedBuffers.h"
#include "AssemblerNames.h"
#include "CTypes.h"
#include "EntryRoom.h"
#include "Instrument.h"
#include "LabelTables.h"
#include "Literals.h"
#include "StackSwitches.h"
#include "StartAndEnd.h"
#include "Tables.h"
#include "Uninstrumented.h"
#include "Unsupported.h"
#include "llvm/Support/Path.h"

using namespace llvm;
using namespace upstare;
using namespace upstare::patchgen;

namespace {

/// A frame may hold a position in any label table of its function. Why one in
/// OLD's would not lead to a label of NEW's, or "".
std::string lostLabels(const Analysis &A, const FunctionDef &Old,
                       const FunctionDef &New) {
  if (!hasComputedGotos(*Old.F) || !hasComputedGotos(*New.F))
    return "";
  auto SizeOf = [](const GlobalVariable &G) {
    return G.getParent()->getDataLayout().getTypeAllocSize(G.getValueType());
  };
  for (const GlobalVariable *Table : labelTables(*Old.F)) {
    const GlobalDef *Next = A.Match.Globals.newOf(keyOf(*Table));
    std::string Name = "label table '" + Table->getName().str() + "' ";
    if (!Next || !isLabelTable(*Next->G->getInitializer(), *New.F))
      return "its " + Name + "is gone";
    if (SizeOf(*Next->G) < SizeOf(*Table))
      return "its " + Name + "has become shorter";
  }
  return "";
}

/// Gives each function that has mapped points its frame map. A function that
/// cannot be entered in the middle loses its points.
void addFrames(Analysis &A) {
  for (FunctionPoints &F : A.Points) {
    A.Frames.push_back(-1);
    bool AnyMapped =
        llvm::any_of(F.Points, [](const PointMapping &P) { return P.New; });
    if (!AnyMapped)
      continue;
    const FunctionShape &New = *F.New->Shape;
    std::string Why =
        New.Rebuild ? lostLabels(A, *F.Old, *F.New) : New.NoRebuild;
    if (!Why.empty()) {
      for (PointMapping &P : F.Points) {
        P.New.reset();
        P.Reason = New.Name + "() cannot be entered in the middle: " + Why;
      }
      A.Found.warn(placeIn(New, New.Line) + ": " + F.Points.front().Reason +
                   "; no update while it is active");
      continue;
    }
    A.Frames.back() =
        A.Types.addFrame(*F.Old->Shape, New, New.Rebuild->getName().str(),
                         returnClass(New.Rebuild->getReturnType()),
                         F.Old->Fingerprint == F.New->Fingerprint);
  }
}

/// A variable that is missing at several points is told once.
void reportMissingSources(Analysis &A, bool Refuse) {
  struct Seen {
    MissingSource First;
    std::vector<std::string> At;
  };
  std::vector<Seen> All;
  std::map<std::pair<uint64_t, std::string>, size_t> Index;
  for (size_t I = 0; I != A.Points.size(); ++I) {
    FunctionPoints &F = A.Points[I];
    if (A.Frames[I] < 0)
      continue;
    for (const Point &P : F.Old->Shape->Points) {
      PointMapping &M = F.Points[P.Number];
      if (!M.New)
        continue;
      auto Missing = A.Types.missingSources(A.Frames[I], P.Number, *M.New);
      if (Refuse && !Missing.empty()) {
        M.New.reset();
        M.Reason = Missing[0].What + ": " + Missing[0].Reason;
      }
      for (MissingSource &S : Missing) {
        auto [It, Inserted] =
            Index.try_emplace({F.Old->Key, S.Variable}, All.size());
        if (Inserted)
          All.push_back({std::move(S), {}});
        All[It->second].At.push_back("point " + std::to_string(P.Number) +
                                     " (" + describeKind(P) + ", line " +
                                     std::to_string(P.Line) + ")");
      }
    }
  }
  for (Seen &S : All) {
    size_t Shown = std::min<size_t>(S.At.size(), 3);
    std::string Points =
        join(S.At.begin(), S.At.begin() + Shown, ", ") +
        (Shown < S.At.size()
             ? " and " + std::to_string(S.At.size() - Shown) + " more"
             : "");
    std::string Place = sys::path::filename(S.First.File).str() + ":" +
                        std::to_string(S.First.Line) + ": in function '" +
                        S.First.Function + "'";
    std::string What = S.First.What + ": " + S.First.Reason + "; at " + Points;
    if (Refuse)
      A.Found.warn(Twine(Place) + ": " + What + "; no update there");
    else
      A.Found.missing(Place, What, S.First.Suggestion);
  }
}

/// A jmp_buf that was copied before the update leads to old code.
void warnOfBufferCopies(Analysis &A, const Program &Old) {
  for (const auto &[Key, F] : Old.Functions)
    for (const Instruction *I : bufferCopies(*F.F)) {
      const DebugLoc &Where = I->getDebugLoc();
      A.Found.warn(placeInFunction(*F.Shape, Where ? Where.getLine() : 0) +
                   ": a jmp_buf is copied; a longjmp() through a copy that was "
                   "made before the update goes to old code");
    }
}

/// Code of NEW would go on in old code.
Error checkLabels(const Program &Old) {
  Error All = Error::success();
  for (const auto &[Key, F] : Old.Functions)
    if (const FunctionShape &Shape = *F.Shape; !Shape.LabelsOutlive.empty())
      All = joinErrors(
          std::move(All),
          badInput(placeInFunction(Shape, Shape.Line),
                   "it " + Shape.LabelsOutlive +
                       "; jumped to in a later call, it would lead into the "
                       "old code. Such a program takes no update: let it keep "
                       "indices into a constant table of labels"));
  return All;
}

/// Transformers that lack something fail, and the update with them.
void refuseUnconverted(Problems &Found, size_t From) {
  for (size_t I = From; I != Found.Missing.size(); ++I)
    Found.warn(Twine(Found.Missing[I].Where) + ": " + Found.Missing[I].What +
               "; an update that comes upon one is refused");
  Found.Missing.resize(From);
}

} // namespace

Expected<std::unique_ptr<Analysis>>
patchgen::analyse(const Program &Old, const Program &New,
                  const OverrideFile &Override, RemovalPolicy Policy) {
  if (Error E = checkLabels(Old))
    return E;
  auto A = std::make_unique<Analysis>();
  for (const auto &U : Old.Units)
    A->Types.addModule(Version::Old, *U->M);
  for (const auto &U : New.Units)
    A->Types.addModule(Version::New, *U->M);
  A->Types.setOverrides(Override.Defined);
  A->Types.setWords(Override.Words);
  A->Match = matchPrograms(Old, New, Override, A->Found);
  A->Points = mapPoints(Old, New, A->Match, Override, Policy.Refuse, A->Found);
  auto Plan = makePlan(Old, New, A->Match, Override, A->Types, A->Found);
  if (!Plan)
    return Plan.takeError();
  A->Plan = std::move(*Plan);
  if (Error E = checkEntryRoom(Old, A->Plan))
    return std::move(E);
  addFrames(*A);
  reportMissingSources(*A, Policy.Refuse);
  A->Removed = checkRemoved(Old, A->Match, A->Plan, A->Types, Override, Policy,
                            A->Found);
  checkAssembler(New, A->Plan, A->Found);
  warnOfStartAndEnd(Old, New, A->Match, A->Found);
  warnOfBufferCopies(*A, Old);
  warnOfComparedLiterals(Old, New, A->Match, A->Found);
  warnOfCounters(New, A->Found);
  warnOfUninstrumented(Old, A->Found);
  warnOfStackSwitches(Old, A->Found);
  size_t Told = A->Found.Missing.size();
  A->Types.finish(A->Found);
  if (Policy.Refuse)
    refuseUnconverted(A->Found, Told);
  return A;
}
