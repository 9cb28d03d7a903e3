//===- EntryRoom.cpp - is there room for the jumps? -----------------------===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// See EntryRoom.h. Instrumented functions keep a distance from each other, and
// the compiler pads the end of their sections (EmbedBitcode.cpp). What remains
// is code that it does not see: other compilers', in the same kind of section.
//
//===----------------------------------------------------------------------===//

#include "EntryRoom.h"
#include "Problems.h"
#include "upstare/abi.h"
#include "llvm/ADT/StringSet.h"

using namespace llvm;
using namespace upstare;
using namespace upstare::patchgen;

/// Where code begins that no update replaces, and what it is called.
static Expected<std::map<uint64_t, std::string>>
otherCode(const Image &I, const StringSet<> &Instrumented) {
  std::map<uint64_t, std::string> Others;
  auto Sections = I.File->codeSections();
  if (!Sections)
    return Sections.takeError();
  for (const auto &Section : *Sections)
    Others.try_emplace(Section.Address, "section " + Section.Name);
  std::set<uint64_t> Entries;
  for (const auto &[Key, Address] : I.FunctionAddress)
    Entries.insert(Address);
  for (const ElfSymbol &S : I.Symbols)
    // Parts such as "f.cold" are old code with f.
    if (S.IsCode && !Entries.count(S.Address) &&
        !Instrumented.contains(functionOfPart(S.Name)))
      Others.try_emplace(S.Address, "'" + S.Name + "'");
  return Others;
}

Error patchgen::checkEntryRoom(const Program &Old, const PatchPlan &Plan) {
  StringSet<> Names;
  for (const auto &[Key, Def] : Old.Functions)
    Names.insert(Def.Name);
  std::vector<std::map<uint64_t, std::string>> Others;
  for (const auto &I : Old.Images) {
    auto Found = otherCode(*I, Names);
    if (!Found)
      return Found.takeError();
    Others.push_back(std::move(*Found));
  }
  for (const auto &[Key, P] : Plan.Functions) {
    if (P.CanonicalSymbol.empty())
      continue;
    const FunctionDef &F = *P.Old;
    auto Next = Others[F.Image].upper_bound(F.Address);
    if (Next == Others[F.Image].end() ||
        Next->first - F.Address >= UPSTARE_ENTRY_BYTES)
      continue;
    return badInput(
        Old.Images[F.Image]->path(),
        F.Name + "() (" + F.Owner->SourcePath + ") and " + Next->second +
            " are " + Twine(Next->first - F.Address) +
            " bytes apart: no room for the jump to the new " + F.Name +
            "(); compile what comes behind it with "
            "upstare-cc, or align it to " +
            Twine(UPSTARE_ENTRY_ALIGN) + " bytes");
  }
  return Error::success();
}
