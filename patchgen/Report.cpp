//===- Report.cpp - what the user gets to read ----------------------------===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What changes between the two programs, and how will the running one follow?
// The facts are gathered once, as lists of names, and printed in two ways.
//
//===----------------------------------------------------------------------===//

#include "Report.h"
#include "Instrument.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/JSON.h"

using namespace llvm;
using namespace upstare;
using namespace upstare::patchgen;

namespace {

using Names = std::vector<std::string>;

struct Facts {
  unsigned Unchanged = 0;
  Names Changed, Added, Removed, Renamed;
  unsigned Bound = 0;
  Names MovedGlobals, NewGlobals, RemovedGlobals, OtherInitialiser;
  unsigned Mapped = 0, Unmapped = 0;
  Names Realigned;
  Transformers::Summary Types;
};

void gatherFunctions(Facts &F, const Analysis &A) {
  for (const auto &Pair : A.Match.Functions.Pairs) {
    if (Pair.Old->Name != Pair.New->Name)
      F.Renamed.push_back(Pair.Old->Name + " → " + Pair.New->Name +
                          (Pair.Kind == MatchKind::ByUser ? "" : " (guessed)"));
    else if (Pair.Old->Fingerprint == Pair.New->Fingerprint)
      ++F.Unchanged;
    else
      F.Changed.push_back(Pair.New->Name);
  }
  for (const FunctionDef *D : A.Match.Functions.Added)
    F.Added.push_back(D->Name);
  for (const FunctionDef *D : A.Match.Functions.Removed)
    F.Removed.push_back(D->Name);
  for (const FunctionPoints &P : A.Points) {
    if (P.Realigned)
      F.Realigned.push_back(P.Old->Name);
    for (const Point &Old : P.Old->Shape->Points)
      if (Old.canBeLeft())
        ++(P.Points[Old.Number].New ? F.Mapped : F.Unmapped);
  }
}

Facts gather(const ReportInput &In) {
  Facts F;
  gatherFunctions(F, In.A);
  for (const auto &[Key, G] : In.A.Plan.Globals) {
    if (G.Where == Storage::Bound)
      ++F.Bound;
    else
      (G.Where == Storage::Moved ? F.MovedGlobals : F.NewGlobals)
          .push_back(G.New->Name);
    if (G.OtherInitialiser)
      F.OtherInitialiser.push_back(G.New->Name);
  }
  for (const GlobalDef *D : In.A.Match.Globals.Removed)
    F.RemovedGlobals.push_back(D->Name);
  for (Names *List :
       {&F.Changed, &F.Added, &F.Removed, &F.Renamed, &F.MovedGlobals,
        &F.NewGlobals, &F.RemovedGlobals, &F.OtherInitialiser, &F.Realigned})
    llvm::sort(*List);
  F.Types = In.A.Types.summary();
  return F;
}

std::string hexadecimal(ArrayRef<uint8_t> Id) {
  return toHex(Id, /*LowerCase=*/true);
}

std::string buildId(const Program &P) { return hexadecimal(P.versionId()); }

void listLibraries(raw_ostream &OS, StringRef Which, const Program &P) {
  for (const auto &I : ArrayRef(P.Images).drop_front())
    OS << Which << " library " << I->path() << " (" << hexadecimal(I->BuildId)
       << ")\n";
}

json::Object programToJson(const Program &P) {
  json::Array Images;
  for (const auto &I : P.Images)
    Images.push_back(json::Object{{"path", I->path()},
                                  {"build_id", hexadecimal(I->BuildId)}});
  return json::Object{{"path", P.path()},
                      {"build_id", buildId(P)},
                      {"images", std::move(Images)}};
}

void list(raw_ostream &OS, StringRef Title, const Names &Items) {
  if (Items.empty())
    return;
  OS << "  " << Title << " (" << Items.size() << "): " << join(Items, ", ")
     << '\n';
}

json::Array toJson(const Names &Items) {
  json::Array Result;
  for (const std::string &Item : Items)
    Result.push_back(Item);
  return Result;
}

json::Array missingToJson(const Problems &Found) {
  json::Array Result;
  for (const MissingPiece &M : Found.Missing)
    Result.push_back(json::Object{
        {"where", M.Where}, {"what", M.What}, {"remedy", M.Remedy}});
  return Result;
}

json::Array framesToJson(const Analysis &A) {
  json::Array Frames;
  for (const FunctionPoints &F : A.Points) {
    json::Array Points;
    for (const Point &P : F.Old->Shape->Points) {
      if (!P.canBeLeft())
        continue;
      const PointMapping &M = F.Points[P.Number];
      json::Object Entry{
          {"old", P.Number}, {"what", describeKind(P)}, {"line", P.Line}};
      if (M.New)
        Entry["new"] = *M.New;
      else
        Entry["reason"] = M.Reason;
      Points.push_back(std::move(Entry));
    }
    Frames.push_back(json::Object{
        {"old", F.Old->Name},
        {"new", F.New ? json::Value(F.New->Name) : json::Value(nullptr)},
        {"realigned", F.Realigned},
        {"points", std::move(Points)}});
  }
  return Frames;
}

} // namespace

void patchgen::printReport(raw_ostream &OS, const ReportInput &In) {
  Facts F = gather(In);
  OS << "UpStare patch " << In.Old.path() << " (" << buildId(In.Old) << ")\n"
     << "           → " << In.New.path() << " (" << buildId(In.New) << ")\n";
  listLibraries(OS, "old", In.Old);
  listLibraries(OS, "new", In.New);
  OS << (In.A.Found.Missing.empty()
             ? (In.Output.empty() ? "complete" : "written to " + In.Output)
             : "NOT complete: " + std::to_string(In.A.Found.Missing.size()) +
                   " pieces are missing")
     << "\n\nFunctions: " << F.Unchanged << " unchanged\n";
  list(OS, "changed", F.Changed);
  list(OS, "added", F.Added);
  list(OS, "removed", F.Removed);
  list(OS, "removed, but their old code runs where a pointer is kept",
       In.A.Removed.Kept);
  list(OS, "removed, and never called any more by the override file's word",
       In.A.Removed.NeverCalled);
  list(OS, "renamed", F.Renamed);
  OS << "Globals: " << F.Bound << " stay where they are\n";
  list(OS, "moved", F.MovedGlobals);
  list(OS, "new", F.NewGlobals);
  list(OS, "removed", F.RemovedGlobals);
  list(OS, "keep their value, though initialised otherwise",
       F.OtherInitialiser);
  OS << "Types:\n";
  list(OS, "changed", F.Types.ChangedTypes);
  OS << "Frames: " << F.Types.Frames << ", of them " << F.Types.TrivialFrames
     << " unchanged; continuation points: " << F.Mapped << " mapped, "
     << F.Unmapped << " not\n";
  list(OS, "changed", F.Types.ChangedFrames);
  list(OS, "points realigned", F.Realigned);
  for (const FunctionPoints &P : In.A.Points)
    for (const Point &Old : P.Old->Shape->Points)
      if (const PointMapping &M = P.Points[Old.Number];
          !M.New && Old.canBeLeft())
        OS << "  not mapped: " << P.Old->Name << " point " << Old.Number << ": "
           << M.Reason << '\n';
  printMessages(OS, In.A.Found);
}

void patchgen::printJsonReport(raw_ostream &OS, const ReportInput &In) {
  Facts F = gather(In);
  json::Object Report{
      {"old", programToJson(In.Old)},
      {"new", programToJson(In.New)},
      {"patch", In.Output},
      {"complete", In.A.Found.Missing.empty()},
      {"functions", json::Object{{"unchanged", F.Unchanged},
                                 {"changed", toJson(F.Changed)},
                                 {"added", toJson(F.Added)},
                                 {"removed", toJson(F.Removed)},
                                 {"kept", toJson(In.A.Removed.Kept)},
                                 {"renamed", toJson(F.Renamed)}}},
      {"globals",
       json::Object{{"bound", F.Bound},
                    {"moved", toJson(F.MovedGlobals)},
                    {"new", toJson(F.NewGlobals)},
                    {"removed", toJson(F.RemovedGlobals)},
                    {"other_initialiser", toJson(F.OtherInitialiser)},
                    {"visited", F.Types.VisitedGlobals}}},
      {"types", json::Object{{"changed", toJson(F.Types.ChangedTypes)}}},
      {"frames", framesToJson(In.A)},
      {"changed_frames", toJson(F.Types.ChangedFrames)},
      {"points", json::Object{{"mapped", F.Mapped}, {"unmapped", F.Unmapped}}},
      {"missing", missingToJson(In.A.Found)},
      {"warnings", toJson(In.A.Found.Warnings)}};
  OS << formatv("{0:2}", json::Value(std::move(Report))) << '\n';
}

void patchgen::printMessages(raw_ostream &OS, const Problems &Found) {
  for (const std::string &Warning : Found.Warnings)
    OS << "warning: " << Warning << '\n';
  for (const MissingPiece &M : Found.Missing)
    OS << "missing: " << M.Where << ": " << M.What << "\n  remedy: " << M.Remedy
       << '\n';
  if (!Found.Missing.empty())
    OS << "write what is missing into a C file and give it with --override "
          "(--header FILE: its declarations; --print-overrides FILE: the "
          "defaults, to start from)\n";
}

static void printShape(raw_ostream &OS, StringRef Which,
                       const FunctionShape &Shape) {
  OS << "  " << Which << ' ' << Shape.Name << " (" << placeIn(Shape, Shape.Line)
     << ")\n";
  for (const Point &P : Shape.Points)
    OS << "    " << P.Number << ": " << describeKind(P) << ", line " << P.Line
       << (P.Loops.empty()
               ? ""
               : ", " + std::to_string(P.Loops.size()) + " loops deep")
       << (P.TailPosition ? ", tail call" : "") << '\n';
}

void patchgen::printPoints(raw_ostream &OS, const Analysis &A) {
  for (const FunctionPoints &F : A.Points) {
    OS << F.Old->Name << '\n';
    printShape(OS, "old", *F.Old->Shape);
    if (F.New && F.New->Shape)
      printShape(OS, "new", *F.New->Shape);
    for (const Point &P : F.Old->Shape->Points) {
      if (!P.canBeLeft())
        continue;
      const PointMapping &M = F.Points[P.Number];
      OS << "  " << P.Number << " → ";
      if (M.New)
        OS << *M.New << (M.ByUser ? " (by upstare_points)" : "") << '\n';
      else
        OS << "none: " << M.Reason << '\n';
    }
  }
}
