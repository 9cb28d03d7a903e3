//===- SectionSets.cpp - variables that are found by their section --------===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which sections does a program go through from __start_NAME to __stop_NAME,
// and what is in them?
//
//===----------------------------------------------------------------------===//

#include "SectionSets.h"

using namespace llvm;
using namespace upstare;
using namespace upstare::patchgen;

StringRef patchgen::sectionOfBound(StringRef Symbol) {
  if (Symbol.consume_front("__start_") || Symbol.consume_front("__stop_"))
    return Symbol;
  return "";
}

std::map<std::string, SectionSet> patchgen::findSectionSets(const Program &P) {
  std::map<std::string, SectionSet> Sets;
  for (const auto &U : P.Units)
    for (const GlobalVariable &G : U->M->globals())
      if (G.isDeclaration() && !G.use_empty())
        if (StringRef Name = sectionOfBound(G.getName()); !Name.empty())
          Sets[Name.str()];
  for (const auto &[Key, Def] : P.Globals)
    if (Def.Address && Def.G->hasSection())
      if (auto It = Sets.find(Def.G->getSection().str()); It != Sets.end())
        It->second.push_back(&Def);
  for (auto &[Name, Set] : Sets)
    llvm::sort(Set, [](const GlobalDef *A, const GlobalDef *B) {
      return A->Address < B->Address;
    });
  return Sets;
}
