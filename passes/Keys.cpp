//===- Keys.cpp - names of functions and variables for the runtime -*- C++
//-*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Keys do not depend on what the optimiser or the linker does to names: they
// are made from the names that the front end gave, see abi.h.
//
//===----------------------------------------------------------------------===//

#include "Names.h"
#include "Shape.h"
#include "upstare/abi.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace upstare {

std::string unitName(const Module &M) {
  if (M.debug_compile_units().empty())
    return M.getSourceFileName();
  const DICompileUnit *Unit = *M.debug_compile_units_begin();
  if (Unit->getFilename().starts_with("/"))
    return Unit->getFilename().str();
  return (Unit->getDirectory() + "/" + Unit->getFilename()).str();
}

StringRef sourceName(const Function &F) {
  StringRef Name = F.getName();
  return Name == MainName ? "main" : Name;
}

static uint64_t keyOf(const GlobalValue &G, StringRef Name) {
  std::string Text;
  if (G.hasLocalLinkage())
    Text = unitName(*G.getParent()) + ":";
  Text += Name;
  return upstare_key(Text.c_str());
}

uint64_t digestOf(const ModuleShape &Shapes) {
  std::string Text;
  raw_string_ostream OS(Text);
  for (const auto &Shape : Shapes.Functions) {
    if (Shape->Points.empty())
      continue;
    OS << Shape->Key << ' ' << Shape->RecordSize;
    for (const Member &M : Shape->Members)
      OS << '\n'
         << static_cast<int>(M.Kind) << ' ' << M.Offset << ' ' << M.Size;
    for (const Point &P : Shape->Points) {
      OS << '\n' << static_cast<int>(P.Kind) << P.TailPosition << P.Callee;
      for (unsigned Index : P.Live.set_bits())
        OS << ' ' << Index;
      for (const auto &[Offset, Size] : P.Held)
        OS << ' ' << Offset << '+' << Size;
    }
    OS << '\n';
  }
  return upstare_key(OS.str().c_str());
}

uint64_t literalKey(const GlobalVariable &G) {
  if (!G.hasPrivateLinkage() || !G.hasGlobalUnnamedAddr() || !G.isConstant() ||
      !G.hasInitializer() || G.hasComdat() || G.hasSection() ||
      G.isThreadLocal())
    return 0;
  const auto *Array = dyn_cast<ArrayType>(G.getValueType());
  if (!Array || !Array->getElementType()->isIntegerTy())
    return 0;
  unsigned Bits = Array->getElementType()->getIntegerBitWidth();
  std::string Text = "literal:" + std::to_string(Bits) + ":" +
                     std::to_string(Array->getNumElements()) + ":";
  if (const auto *Data = dyn_cast<ConstantDataArray>(G.getInitializer()))
    Text += toHex(Data->getRawDataValues());
  else if (!G.getInitializer()->isNullValue())
    return 0;
  return upstare_key(Text.c_str());
}

uint64_t keyOf(const Function &F) { return keyOf(F, sourceName(F)); }
uint64_t keyOf(const GlobalVariable &G) { return keyOf(G, G.getName()); }

} // namespace upstare
