//===- Initialisers.cpp - equal constants of two programs -----------------===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Do two initialisers say the same, each in its own program?
//
//===----------------------------------------------------------------------===//

#include "Initialisers.h"
#include "llvm/IR/DataLayout.h"

using namespace llvm;
using namespace upstare;
using namespace upstare::patchgen;

/// How many elements an aggregate constant has.
static uint64_t elementCount(const Constant *C) {
  Type *T = C->getType();
  if (auto *Struct = dyn_cast<StructType>(T))
    return Struct->getNumElements();
  if (auto *Array = dyn_cast<ArrayType>(T))
    return Array->getNumElements();
  if (auto *Vector = dyn_cast<FixedVectorType>(T))
    return Vector->getNumElements();
  return 0;
}

bool InitialiserComparer::equal(const GlobalDef &OldDef,
                                const GlobalDef &NewDef) {
  if (!OldDef.G->hasInitializer() || !NewDef.G->hasInitializer())
    return false;
  OldLayout = &OldDef.Owner->M->getDataLayout();
  NewLayout = &NewDef.Owner->M->getDataLayout();
  return equal(OldDef.G->getInitializer(), NewDef.G->getInitializer());
}

bool InitialiserComparer::equal(const Constant *A, const Constant *B) {
  if (A->getType()->getTypeID() != B->getType()->getTypeID())
    return false;
  if (OldLayout->getTypeAllocSize(A->getType()) !=
      NewLayout->getTypeAllocSize(B->getType()))
    return false;
  if (A->isNullValue() || B->isNullValue())
    return A->isNullValue() == B->isNullValue();
  if (isa<UndefValue>(A) || isa<UndefValue>(B))
    return A->getValueID() == B->getValueID();
  if (const auto *IntA = dyn_cast<ConstantInt>(A)) {
    const auto *IntB = dyn_cast<ConstantInt>(B);
    return IntB && IntA->getBitWidth() == IntB->getBitWidth() &&
           IntA->getValue() == IntB->getValue();
  }
  if (const auto *FloatA = dyn_cast<ConstantFP>(A)) {
    const auto *FloatB = dyn_cast<ConstantFP>(B);
    return FloatB &&
           FloatA->getValueAPF().bitwiseIsEqual(FloatB->getValueAPF());
  }
  if (A->getType()->isPointerTy())
    return equalPointers(A, B);
  if (A->getType()->isAggregateType() || A->getType()->isVectorTy())
    return equalElements(A, B);
  const auto *ExprA = dyn_cast<ConstantExpr>(A);
  const auto *ExprB = dyn_cast<ConstantExpr>(B);
  if (!ExprA || !ExprB || ExprA->getOpcode() != ExprB->getOpcode() ||
      ExprA->getNumOperands() != ExprB->getNumOperands())
    return false;
  for (unsigned I = 0; I != ExprA->getNumOperands(); ++I)
    if (!equal(ExprA->getOperand(I), ExprB->getOperand(I)))
      return false;
  return true;
}

bool InitialiserComparer::equalElements(const Constant *A, const Constant *B) {
  const auto *DataA = dyn_cast<ConstantDataSequential>(A);
  const auto *DataB = dyn_cast<ConstantDataSequential>(B);
  if (DataA && DataB &&
      DataA->getElementByteSize() == DataB->getElementByteSize())
    return DataA->getRawDataValues() == DataB->getRawDataValues();
  uint64_t Count = elementCount(A);
  if (Count != elementCount(B))
    return false;
  for (uint64_t I = 0; I != Count; ++I) {
    const Constant *ElementA = A->getAggregateElement(I);
    const Constant *ElementB = B->getAggregateElement(I);
    if (!ElementA || !ElementB || !equal(ElementA, ElementB))
      return false;
  }
  return true;
}

bool InitialiserComparer::equalPointers(const Constant *A, const Constant *B) {
  APInt OffsetA(64, 0), OffsetB(64, 0);
  const Value *BaseA = A->stripAndAccumulateConstantOffsets(
      *OldLayout, OffsetA, /*AllowNonInbounds=*/true);
  const Value *BaseB = B->stripAndAccumulateConstantOffsets(
      *NewLayout, OffsetB, /*AllowNonInbounds=*/true);
  const auto *GlobalA = dyn_cast<GlobalValue>(BaseA);
  const auto *GlobalB = dyn_cast<GlobalValue>(BaseB);
  return OffsetA == OffsetB && GlobalA && GlobalB &&
         sameThing(GlobalA, GlobalB);
}

bool InitialiserComparer::sameThing(const GlobalValue *A,
                                    const GlobalValue *B) {
  A = A->getAliaseeObject() ? A->getAliaseeObject() : A;
  B = B->getAliaseeObject() ? B->getAliaseeObject() : B;
  if (const auto *FunctionA = dyn_cast<Function>(A)) {
    const auto *FunctionB = dyn_cast<Function>(B);
    if (!FunctionB)
      return false;
    uint64_t KeyA = keyOf(*FunctionA), KeyB = keyOf(*FunctionB);
    bool DefinedA = Old.Functions.count(KeyA);
    if (DefinedA != (New.Functions.count(KeyB) != 0))
      return false;
    if (!DefinedA)
      return A->getName() == B->getName();
    const FunctionDef *Next = Match.Functions.newOf(KeyA);
    return Next && Next->Key == KeyB;
  }
  const auto *VariableA = dyn_cast<GlobalVariable>(A);
  const auto *VariableB = dyn_cast<GlobalVariable>(B);
  if (!VariableA || !VariableB)
    return false;
  if (VariableA->hasPrivateLinkage() || VariableB->hasPrivateLinkage())
    return VariableA->hasPrivateLinkage() == VariableB->hasPrivateLinkage() &&
           VariableA->isConstant() && VariableB->isConstant() &&
           VariableA->hasInitializer() && VariableB->hasInitializer() &&
           equal(VariableA->getInitializer(), VariableB->getInitializer());
  auto OldDef = Old.Globals.find(keyOf(*VariableA));
  auto NewDef = New.Globals.find(keyOf(*VariableB));
  if (OldDef == Old.Globals.end() || NewDef == New.Globals.end())
    return OldDef == Old.Globals.end() && NewDef == New.Globals.end() &&
           A->getName() == B->getName();
  return Match.Globals.newOf(OldDef->first) == &NewDef->second &&
         Stays(NewDef->second);
}
