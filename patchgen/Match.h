//===- Match.h - what of OLD goes on as what in NEW --------------*- C++
//-*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which function and which global of OLD is which one of NEW? By linkage name;
// static ones by file and name, where files are matched by the longest common
// end of their paths. What is left is matched if only one candidate remains
// (moved to another file, static or no longer static), functions with frames by
// similarity too (renamed). The user's word is the last.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_PATCHGEN_MATCH_H
#define UPSTARE_PATCHGEN_MATCH_H

#include "Extract.h"
#include "Override.h"
#include "Problems.h"

namespace upstare::patchgen {

enum class MatchKind { SameName, Moved, Renamed, ByUser };

template <typename Def> struct Pair {
  const Def *Old = nullptr;
  const Def *New = nullptr;
  MatchKind Kind = MatchKind::SameName;
};

template <typename Def> struct Matching {
  std::vector<Pair<Def>> Pairs;
  std::vector<const Def *> Removed, Added;
  /// Index in Pairs by the key in OLD, in NEW.
  std::map<uint64_t, size_t> ByOld, ByNew;

  const Def *newOf(uint64_t OldKey) const {
    auto It = ByOld.find(OldKey);
    return It == ByOld.end() ? nullptr : Pairs[It->second].New;
  }
  const Def *oldOf(uint64_t NewKey) const {
    auto It = ByNew.find(NewKey);
    return It == ByNew.end() ? nullptr : Pairs[It->second].Old;
  }
};

struct ProgramMatch {
  Matching<FunctionDef> Functions;
  Matching<GlobalDef> Globals;
};

ProgramMatch matchPrograms(const Program &Old, const Program &New,
                           const OverrideFile &Override, Problems &Out);

/// The function that Name means inside U: a static one of U, else the
/// program's. Null if no instrumented code defines it.
const FunctionDef *resolve(const Program &P, const Unit &U,
                           llvm::StringRef Name);

/// The function of P that a user means by "name" or "file.c:name". Null, with a
/// missing piece, if there is none or more than one.
const FunctionDef *lookUp(const Program &P, llvm::StringRef Spec,
                          llvm::StringRef Array, Problems &Out);

} // namespace upstare::patchgen

#endif // UPSTARE_PATCHGEN_MATCH_H
