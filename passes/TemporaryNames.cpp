//===- TemporaryNames.cpp - what a temporary holds, in words -----*- C++
//-*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// See TemporaryNames.h.
//
//===----------------------------------------------------------------------===//

#include "TemporaryNames.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/BinaryFormat/Dwarf.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/DataLayout.h"
#include "llvm/IR/DebugInfo.h"
#include "llvm/IR/GetElementPtrTypeIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/Module.h"
#include "llvm/IR/Operator.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace upstare {

//===----------------------------------------------------------------------===//
// Fields
//===----------------------------------------------------------------------===//

void FieldNames::read() {
  HasRead = true;
  DebugInfoFinder Finder;
  Finder.processModule(M);
  for (const DIType *Ty : Finder.types()) {
    // The name that clang gives to `typedef struct { … } name`.
    const DIType *Named = Ty;
    if (Ty->getTag() == dwarf::DW_TAG_typedef)
      Ty = cast<DIDerivedType>(Ty)->getBaseType();
    auto *Struct = dyn_cast_or_null<DICompositeType>(Ty);
    if (!Struct || (Struct != Named && !Struct->getName().empty()) ||
        Named->getName().empty() || Struct->isForwardDecl())
      continue;
    auto &List = Types[Named->getName()];
    if (!is_contained(List, Struct))
      List.push_back(Struct);
  }
}

/// "S" of "struct.S.12"; types of one name are told apart by numbers.
static StringRef tagOf(const StructType &Ty) {
  if (!Ty.hasName())
    return "";
  StringRef Name = Ty.getName().split('.').second;
  auto [Stem, Number] = Name.rsplit('.');
  return !Number.empty() && all_of(Number, isDigit) ? Stem : Name;
}

static std::string fieldAt(const DICompositeType &Struct, uint64_t Offset) {
  for (const DINode *Element : Struct.getElements()) {
    auto *Field = dyn_cast_or_null<DIDerivedType>(Element);
    if (Field && Field->getTag() == dwarf::DW_TAG_member &&
        !Field->isBitField() && Field->getOffsetInBits() == Offset * 8)
      return Field->getName().str();
  }
  return "";
}

std::string FieldNames::nameOf(const StructType &Ty, uint64_t Offset) {
  if (!HasRead)
    read();
  auto It = Types.find(tagOf(Ty));
  if (It == Types.end())
    return "";
  uint64_t Bits =
      8 * M.getDataLayout().getTypeAllocSize(const_cast<StructType *>(&Ty));
  std::string Found;
  for (const DICompositeType *Struct : It->second) {
    if (Struct->getSizeInBits() != Bits)
      continue;
    std::string Name = fieldAt(*Struct, Offset);
    if (Name.empty() || (!Found.empty() && Found != Name))
      return "";
    Found = Name;
  }
  return Found;
}

//===----------------------------------------------------------------------===//
// Values
//===----------------------------------------------------------------------===//

static const char *const Unknown = "?";

/// Without what has a meaning in descriptions.
static std::string harmless(StringRef Text) {
  std::string Plain = Text.take_front(40).str();
  for (char &C : Plain)
    if (!isAlnum(C) && C != ' ' && C != '.' && C != '/' && C != '%')
      C = '_';
  return Plain;
}

static std::string describeGlobal(const GlobalValue &G) {
  auto *Variable = dyn_cast<GlobalVariable>(&G);
  if (!G.hasPrivateLinkage())
    return "@" + G.getName().str();
  if (Variable && Variable->hasInitializer())
    if (auto *Data = dyn_cast<ConstantDataArray>(Variable->getInitializer());
        Data && Data->isString())
      return '"' + harmless(Data->getAsString().rtrim('\0')) + '"';
  return Unknown;
}

static std::string describeConstant(const Constant &C) {
  if (auto *Number = dyn_cast<ConstantInt>(&C))
    return toString(Number->getValue(), 10, /*Signed=*/true);
  if (auto *G = dyn_cast<GlobalValue>(&C))
    return describeGlobal(*G);
  if (C.isNullValue())
    return "0";
  std::string Text;
  raw_string_ostream OS(Text);
  if (isa<ConstantFP>(C))
    C.printAsOperand(OS, /*PrintType=*/false);
  else
    OS << Unknown;
  return harmless(OS.str()) == OS.str() ? OS.str() : Unknown;
}

template <typename Range>
std::string TemporaryDescriber::list(Range &&Operands, unsigned Depth) const {
  std::string Text = "(";
  for (const Use &U : Operands)
    Text += (Text.size() == 1 ? "" : ",") + text(*U.get(), Depth);
  return Text + ")";
}

std::string TemporaryDescriber::call(const CallBase &Call,
                                     unsigned Depth) const {
  const Function *F = Call.getCalledFunction();
  return "call." +
         (F ? F->getName().str() : text(*Call.getCalledOperand(), Depth)) +
         list(Call.args(), Depth);
}

std::string TemporaryDescriber::place(const GEPOperator &Gep,
                                      unsigned Depth) const {
  const DataLayout &Layout = Fields.layout();
  std::string Text = text(*Gep.getPointerOperand(), Depth);
  bool First = true;
  for (auto It = gep_type_begin(Gep), End = gep_type_end(Gep); It != End;
       ++It, First = false) {
    const Value *Index = It.getOperand();
    if (StructType *Struct = It.getStructTypeOrNull()) {
      uint64_t Offset = Layout.getStructLayout(Struct)->getElementOffset(
          cast<ConstantInt>(Index)->getZExtValue());
      std::string Field = Fields.nameOf(*Struct, Offset);
      Text += "->" + (Field.empty() ? Unknown : Field);
    } else if (!First || !isa<ConstantInt>(Index) ||
               !cast<ConstantInt>(Index)->isZero()) {
      Text += "[" + text(*Index, Depth) + "]";
    }
  }
  return Text;
}

/// What comes in alike several ways is said once: one more instruction of an
/// interpreter is one more way, and no other value.
std::string TemporaryDescriber::phi(const PHINode &Phi, unsigned Depth) const {
  SmallVector<std::string> Values;
  for (const Use &U : Phi.incoming_values())
    if (std::string Value = text(*U.get(), Depth); !is_contained(Values, Value))
      Values.push_back(std::move(Value));
  llvm::sort(Values);
  return "phi(" + join(Values, ",") + ")";
}

std::string TemporaryDescriber::text(const Value &V, unsigned Depth) const {
  if (auto *Gep = dyn_cast<GEPOperator>(&V); Gep && Depth)
    return place(*Gep, Depth - 1);
  if (auto *C = dyn_cast<Constant>(&V))
    return describeConstant(*C);
  if (const DILocalVariable *Variable = Variables.lookup(&V))
    return Variable->getName().str();
  if (auto *A = dyn_cast<Argument>(&V))
    return "arg" + std::to_string(A->getArgNo());
  auto *I = dyn_cast<Instruction>(&V);
  if (!I || Depth == 0)
    return Unknown;
  if (isa<AllocaInst>(I))
    return "_";
  if (auto *Call = dyn_cast<CallBase>(I))
    return call(*Call, Depth - 1);
  if (auto *Compare = dyn_cast<CmpInst>(I))
    return CmpInst::getPredicateName(Compare->getPredicate()).str() +
           list(I->operands(), Depth - 1);
  if (auto *Phi = dyn_cast<PHINode>(I))
    return phi(*Phi, Depth - 1);
  return std::string(I->getOpcodeName()) + list(I->operands(), Depth - 1);
}

std::string TemporaryDescriber::describe(const Value &V) const {
  constexpr unsigned MaxDepth = 12;
  constexpr size_t MaxLength = 400;
  std::string Text = text(V, MaxDepth);
  return Text.size() <= MaxLength ? Text : Text.substr(0, MaxLength) + Unknown;
}

} // namespace upstare
