//===- StackSizes.cpp - how large are the frames of code? -----------------===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// How much stack does each function of an object take? An entry of .stack_sizes
// is an address (a relocation against the function's section) and a LEB128
// number.
//
//===----------------------------------------------------------------------===//

#include "StackSizes.h"
#include "llvm/Object/ELFObjectFile.h"
#include "llvm/Support/DataExtractor.h"
#include <map>

using namespace llvm;
using namespace upstare;
using namespace upstare::patchgen;

namespace {

/// A section, and where in it.
using Place = std::pair<object::SectionRef, uint64_t>;

/// Where the symbol is, Addend bytes on.
Expected<Place> placeOf(const object::SymbolRef &S, int64_t Addend) {
  auto Section = S.getSection();
  if (!Section)
    return Section.takeError();
  auto Value = S.getValue();
  if (!Value)
    return Value.takeError();
  return Place{**Section, *Value + static_cast<uint64_t>(Addend)};
}

Expected<std::map<Place, StringRef>>
functionsOf(const object::ELFObjectFileBase &Object, StringRef Prefix) {
  std::map<Place, StringRef> Result;
  for (const object::ELFSymbolRef S : Object.symbols()) {
    auto Name = S.getName();
    if (!Name)
      return Name.takeError();
    auto Flags = S.getFlags();
    if (!Flags)
      return Flags.takeError();
    if (!Name->starts_with(Prefix) ||
        (*Flags & object::SymbolRef::SF_Undefined))
      continue;
    auto At = placeOf(S, 0);
    if (!At)
      return At.takeError();
    Result.try_emplace(*At, *Name);
  }
  return Result;
}

Error readSection(const object::SectionRef &Section,
                  const object::SectionRef &Relocations,
                  const std::map<Place, StringRef> &Functions,
                  StackSizes &Sizes) {
  auto Contents = Section.getContents();
  if (!Contents)
    return Contents.takeError();
  DataExtractor Data(*Contents, /*IsLittleEndian=*/true, /*AddressSize=*/8);
  for (const object::ELFRelocationRef R : Relocations.relocations()) {
    auto Addend = R.getAddend();
    if (!Addend)
      return Addend.takeError();
    auto Target = placeOf(*R.getSymbol(), *Addend);
    if (!Target)
      return Target.takeError();
    uint64_t Offset = R.getOffset() + Data.getAddressSize();
    if (auto It = Functions.find(*Target); It != Functions.end())
      Sizes[It->second] = Data.getULEB128(&Offset);
  }
  return Error::success();
}

} // namespace

Error patchgen::readStackSizes(MemoryBufferRef Buffer, StringRef Prefix,
                               StackSizes &Sizes) {
  auto Object = object::ObjectFile::createELFObjectFile(Buffer);
  if (!Object)
    return Object.takeError();
  const auto &Elf = cast<object::ELFObjectFileBase>(**Object);
  auto Functions = functionsOf(Elf, Prefix);
  if (!Functions)
    return Functions.takeError();
  for (const object::SectionRef &Relocations : Elf.sections()) {
    auto Section = Relocations.getRelocatedSection();
    if (!Section)
      return Section.takeError();
    if (*Section == Elf.section_end())
      continue;
    auto Name = (*Section)->getName();
    if (!Name)
      return Name.takeError();
    if (*Name == ".stack_sizes")
      if (Error E = readSection(**Section, Relocations, *Functions, Sizes))
        return E;
  }
  return Error::success();
}
