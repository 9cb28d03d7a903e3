//===- Points.cpp - where execution goes on in NEW ------------------------===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which continuation point of the new function continues each point of the old
// one? This file decides which points *may* be paired and what the user is
// told; Alignment.cpp chooses among the possible pairs.
//
//===----------------------------------------------------------------------===//

#include "Points.h"
#include "Alignment.h"
#include "Instrument.h"

using namespace llvm;
using namespace upstare;
using namespace upstare::patchgen;

std::string patchgen::describeKind(const Point &P) {
  if (P.Kind == PointKind::Update)
    return P.PolledLoop == ~0u ? "update point at entry"
                               : "update point in a loop";
  if (P.Kind == PointKind::LoopHead)
    return "head of a loop";
  if (P.Callee == "*")
    return "indirect call";
  return "call of " + P.Callee + "()";
}

namespace {

bool isInstrumented(const FunctionDef &F) {
  return F.Shape && F.Shape->Uninstrumented.empty();
}

class PointMapper {
public:
  PointMapper(const Program &Old, const Program &New, const ProgramMatch &Match,
              Problems &Out)
      : Old(Old), New(New), Match(Match), Out(Out) {}

  FunctionPoints map(const FunctionDef &OldDef, const FunctionDef *NewDef);
  void applyUser(FunctionPoints &F, const OverrideFile::PointEntry &Entry,
                 StringRef Path);
  void reportMissing(FunctionPoints &F, bool Refuse);
  void warnOfTailCalls(const FunctionPoints &F);

private:
  /// What a point calls, so that equal means: may be paired.
  std::string identity(const Program &P, const FunctionDef &F,
                       const Point &Pt) const;
  std::vector<AlignmentItem> items(const Program &P,
                                   const FunctionDef &F) const;
  bool calleeIsRemoved(const FunctionDef &OldDef, const Point &P) const;
  bool canBeActive(const FunctionDef &OldDef, const Point &P) const;

  const Program &Old, &New;
  const ProgramMatch &Match;
  Problems &Out;
};

std::string PointMapper::identity(const Program &P, const FunctionDef &F,
                                  const Point &Pt) const {
  if (Pt.Kind == PointKind::Update || Pt.Kind == PointKind::LoopHead)
    return Pt.PolledLoop == ~0u ? "entry" : "loop";
  if (Pt.Kind == PointKind::BlockingCall)
    return "blocking " + Pt.Callee;
  const FunctionDef *Callee = resolve(P, *F.Owner, Pt.Callee);
  if (!Callee)
    return "call " + Pt.Callee;
  // Functions of the program are named by their keys in NEW.
  uint64_t Key = Callee->Key;
  if (&P == &Old) {
    const FunctionDef *Next = Match.Functions.newOf(Key);
    if (!Next)
      return "removed " + Pt.Callee;
    Key = Next->Key;
  }
  return "function " + std::to_string(Key);
}

std::vector<AlignmentItem> PointMapper::items(const Program &P,
                                              const FunctionDef &F) const {
  std::vector<AlignmentItem> Items;
  for (const Point &Pt : F.Shape->Points) {
    AlignmentItem Item;
    Item.Identity = identity(P, F, Pt);
    Item.Loops.assign(Pt.Loops.begin(), Pt.Loops.end());
    for (unsigned Index : Pt.Live.set_bits()) {
      const Member &M = F.Shape->Members[Index];
      if (!M.isTemporary())
        Item.Live.insert(M.Name);
    }
    Items.push_back(std::move(Item));
  }
  return Items;
}

FunctionPoints PointMapper::map(const FunctionDef &OldDef,
                                const FunctionDef *NewDef) {
  FunctionPoints F;
  F.Old = &OldDef;
  F.New = NewDef;
  F.Points.resize(OldDef.Shape->Points.size());
  if (!NewDef) {
    for (PointMapping &P : F.Points)
      P.Reason = OldDef.Name + "() is not in the new version";
    return F;
  }
  if (!isInstrumented(*NewDef)) {
    for (PointMapping &P : F.Points)
      P.Reason = NewDef->Name + "() is not instrumented in the new version: " +
                 (NewDef->Shape ? NewDef->Shape->Uninstrumented : "");
    return F;
  }
  auto OldItems = items(Old, OldDef), NewItems = items(New, *NewDef);
  F.Realigned = OldItems != NewItems;
  auto Aligned = align(OldItems, NewItems);
  for (const Point &P : OldDef.Shape->Points) {
    if (!P.canBeLeft())
      continue;
    PointMapping &M = F.Points[P.Number];
    M.New = Aligned[P.Number];
    if (!M.New)
      M.Reason = describeKind(P) + " at line " + std::to_string(P.Line) +
                 " has no counterpart in the new " + NewDef->Name + "()";
  }
  return F;
}

/// An update finds a frame at a call only if something instrumented is below
/// it, or the call blocks.
bool PointMapper::canBeActive(const FunctionDef &OldDef, const Point &P) const {
  if (!P.canBeLeft())
    return false;
  if (P.Kind != PointKind::Call || P.Callee == "*")
    return true;
  const FunctionDef *Callee = resolve(Old, *OldDef.Owner, P.Callee);
  if (!Callee)
    return false;
  // Another file's function, of which the compiler did not know that it leads
  // to no update point.
  return !Callee->Shape || !Callee->Shape->Points.empty() ||
         !Callee->Shape->Uninstrumented.empty();
}

bool PointMapper::calleeIsRemoved(const FunctionDef &OldDef,
                                  const Point &P) const {
  const FunctionDef *Callee = resolve(Old, *OldDef.Owner, P.Callee);
  return Callee && !Match.Functions.newOf(Callee->Key);
}

void PointMapper::applyUser(FunctionPoints &F,
                            const OverrideFile::PointEntry &Entry,
                            StringRef Path) {
  auto Wrong = [&](const Twine &What) {
    Out.missing(Path.str(),
                ("upstare_points: " + Entry.Function + ": " + What).str(),
                "see upstare-patchgen --print-points for the numbers");
  };
  if (Entry.Old >= F.Points.size())
    return Wrong("the old version has no point " + Twine(Entry.Old));
  PointMapping &M = F.Points[Entry.Old];
  M.ByUser = true;
  if (Entry.New == OverrideFile::NoPoint) {
    M.New.reset();
    M.Reason = "left without counterpart by " + Path.str();
    return;
  }
  if (!F.New || !F.New->Shape || Entry.New >= F.New->Shape->Points.size())
    return Wrong("the new version has no point " + Twine(Entry.New));
  const Point &From = F.Old->Shape->Points[Entry.Old];
  const Point &To = F.New->Shape->Points[Entry.New];
  std::string OldCallee = identity(Old, *F.Old, From);
  std::string NewCallee = identity(New, *F.New, To);
  bool BothCalls = From.Kind == PointKind::Call && To.Kind == PointKind::Call;
  bool Indirect = From.Callee == "*" || To.Callee == "*";
  bool BothUpdates =
      From.Kind == PointKind::Update &&
      (To.Kind == PointKind::Update || To.Kind == PointKind::LoopHead);
  if (OldCallee != NewCallee && !BothUpdates && !(BothCalls && Indirect))
    return Wrong(describeKind(From) + " (point " + Twine(Entry.Old) +
                 ") cannot go on at " + describeKind(To) + " (point " +
                 Twine(Entry.New) +
                 "): another function's frame would return "
                 "there");
  M.New = Entry.New;
  M.Reason.clear();
}

void PointMapper::reportMissing(FunctionPoints &F, bool Refuse) {
  for (const Point &P : F.Old->Shape->Points) {
    PointMapping &M = F.Points[P.Number];
    if (M.New || M.ByUser || !canBeActive(*F.Old, P))
      continue;
    // Nothing the user could map it to: the update waits for other frames.
    if (!F.New || !isInstrumented(*F.New)) {
      Out.warn(placeInFunction(*F.Old->Shape, P.Line) + ": " + M.Reason +
               "; no update while this frame is active");
      return;
    }
    // The callee has no next version itself, of which it is warned.
    if (P.Kind == PointKind::Call && calleeIsRemoved(*F.Old, P))
      continue;
    std::string Place = placeInFunction(*F.Old->Shape, P.Line);
    if (Refuse)
      Out.warn(Place + ": " + M.Reason + "; no update there");
    else
      Out.missing(
          Place, M.Reason,
          "map it in the override file: const struct upstare_point_override "
          "upstare_points[] = {{\"" +
              F.Old->Name + "\", " + std::to_string(P.Number) +
              ", NEW_POINT}, {0}}; (numbers: upstare-patchgen "
              "--print-points; ~0u: refuse the update there)");
  }
}

/// The optimiser may have made a jump of a call in tail position: the frame is
/// gone while the callee runs, and nothing comes back to the new version's
/// code.
void PointMapper::warnOfTailCalls(const FunctionPoints &F) {
  for (const Point &P : F.Old->Shape->Points) {
    const PointMapping &M = F.Points[P.Number];
    if (!P.TailPosition || !M.New || !canBeActive(*F.Old, P) ||
        F.New->Owner->Opts.Level == "0" || F.New->Owner->Opts.KeepTailFrames ||
        F.New->Shape->Points[*M.New].TailPosition)
      continue;
    Out.warn(placeInFunction(*F.Old->Shape, P.Line) + ": " + describeKind(P) +
             " is in tail position, and may have become a jump: what the new "
             "version does behind it is not done for a call in progress (build "
             "with UPSTARE_OPTIONS=keep-tail-frames to keep such frames)");
  }
}

} // namespace

std::vector<FunctionPoints>
patchgen::mapPoints(const Program &Old, const Program &New,
                    const ProgramMatch &Match, const OverrideFile &Override,
                    bool RefuseUnmapped, Problems &Out) {
  PointMapper Mapper(Old, New, Match, Out);
  std::vector<FunctionPoints> Result;
  std::map<uint64_t, size_t> Index;
  for (const auto &[Key, Def] : Old.Functions) {
    if (!Def.Shape || Def.Shape->Points.empty())
      continue;
    Index[Key] = Result.size();
    Result.push_back(Mapper.map(Def, Match.Functions.newOf(Key)));
  }
  for (const auto &Entry : Override.Points) {
    const FunctionDef *Def = lookUp(Old, Entry.Function, "upstare_points", Out);
    if (!Def)
      continue;
    if (auto It = Index.find(Def->Key); It != Index.end())
      Mapper.applyUser(Result[It->second], Entry, Override.Path);
    else
      Out.missing(Override.Path,
                  "upstare_points: " + Entry.Function +
                      "() has no continuation points",
                  "remove the entry");
  }
  for (FunctionPoints &F : Result)
    Mapper.reportMissing(F, RefuseUnmapped);
  for (const FunctionPoints &F : Result)
    Mapper.warnOfTailCalls(F);
  return Result;
}
