//===- SectionSets.h - variables found by their section ---------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which sections does a program go through from __start_NAME to __stop_NAME,
// and what is in them? Such a section has one place, so its variables stay
// together or move together.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_PATCHGEN_SECTIONSETS_H
#define UPSTARE_PATCHGEN_SECTIONSETS_H

#include "Extract.h"
#include "llvm/ADT/StringSet.h"

namespace upstare::patchgen {

/// The members of one section, in the order that they have in the program.
using SectionSet = std::vector<const GlobalDef *>;

/// By the name of the section.
std::map<std::string, SectionSet> findSectionSets(const Program &P);

/// The section that the linker's symbol "__start_NAME" or "__stop_NAME" is
/// about; "" for all other names.
llvm::StringRef sectionOfBound(llvm::StringRef Symbol);

} // namespace upstare::patchgen

#endif // UPSTARE_PATCHGEN_SECTIONSETS_H
