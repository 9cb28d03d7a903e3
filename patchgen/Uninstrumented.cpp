//===- Uninstrumented.cpp - code that no update goes through --------------===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which functions of a program's images were not compiled with upstare-cc?
// Those in the symbol table that are in no instrumented range, but for what
// every link brings along (start files, the static part of the C library). And
// which were, but could not be instrumented?
//
//===----------------------------------------------------------------------===//

#include "Uninstrumented.h"
#include "Instrument.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"

using namespace llvm;
using namespace upstare;
using namespace upstare::patchgen;

/// Whether the linker, or the instrumentation, adds a function of this name.
static bool comesAlong(StringRef Name) {
  static const StringSet<> Names = {"main",
                                    "deregister_tm_clones",
                                    "register_tm_clones",
                                    "frame_dummy",
                                    "atexit",
                                    "at_quick_exit",
                                    "stat",
                                    "fstat",
                                    "lstat",
                                    "fstatat",
                                    "mknod",
                                    "mknodat"};
  return Names.contains(Name) ||
         (Name.starts_with("_") && !Name.starts_with("_Z"));
}

/// "a(), b(), c() and 4 more"
static std::string listOf(const std::set<std::string> &Names) {
  constexpr size_t Shown = 5;
  auto End = std::next(Names.begin(), std::min(Names.size(), Shown));
  std::string List = join(Names.begin(), End, ", ");
  if (Names.size() > Shown)
    List += " and " + std::to_string(Names.size() - Shown) + " more";
  return List;
}

static constexpr StringLiteral Consequence =
    "; an update waits while one is active";

static void warnOfPlainObjects(const Program &P, Problems &Out) {
  std::vector<CodeRange> Ranges = P.codeRanges();
  for (unsigned Index = 0; Index != P.Images.size(); ++Index) {
    std::set<std::string> Found;
    for (const ElfSymbol &S : P.Images[Index]->Symbols) {
      if (!S.IsFunction || !S.Size || comesAlong(S.Name))
        continue;
      if (!isIn(Ranges, Index, S.Address))
        Found.insert(S.Name + "()");
    }
    if (Found.empty())
      continue;
    Out.warn(P.Images[Index]->path() +
             ": not compiled with upstare-cc: " + listOf(Found) + Consequence);
  }
}

static void warnOfRefusedFunctions(const Program &P, Problems &Out) {
  std::map<std::string, std::set<std::string>> ByReason;
  for (const auto &U : P.Units)
    for (const auto &Shape : U->Shapes.Functions)
      if (!Shape->Uninstrumented.empty())
        ByReason[Shape->Uninstrumented].insert(
            Shape->Name + "() (" + placeIn(*Shape, Shape->Line) + ")");
  for (const auto &[Reason, Found] : ByReason)
    Out.warn(P.path() + ": not instrumented, since " + Reason + ": " +
             listOf(Found) + Consequence);
}

void patchgen::warnOfUninstrumented(const Program &P, Problems &Out) {
  warnOfPlainObjects(P, Out);
  warnOfRefusedFunctions(P, Out);
}
