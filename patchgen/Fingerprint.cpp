//===- Fingerprint.cpp - has a function's code changed? -------------------===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Does a function do the same in both versions?
//
//===----------------------------------------------------------------------===//

#include "Fingerprint.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/xxhash.h"

using namespace llvm;

namespace {

class Hasher {
public:
  explicit Hasher(const Function &F) : Layout(F.getParent()->getDataLayout()) {
    for (const Argument &A : F.args())
      Numbers[&A] = Numbers.size();
    for (const BasicBlock &B : F) {
      Numbers[&B] = Numbers.size();
      for (const Instruction &I : B)
        Numbers[&I] = Numbers.size();
    }
  }

  void add(const Instruction &I) {
    add(I.getOpcode());
    addType(I.getType());
    if (const auto *Compare = dyn_cast<CmpInst>(&I))
      add(Compare->getPredicate());
    if (const auto *Address = dyn_cast<GetElementPtrInst>(&I))
      addType(Address->getSourceElementType());
    if (const auto *Alloca = dyn_cast<AllocaInst>(&I))
      addType(Alloca->getAllocatedType());
    for (const Value *Operand : I.operand_values())
      addOperand(Operand, 0);
  }
  uint64_t result() const { return xxh3_64bits(Bytes); }

private:
  void add(uint64_t Value) {
    Bytes.append(reinterpret_cast<const char *>(&Value), sizeof(Value));
  }
  void addType(Type *T) {
    add(T->getTypeID());
    if (!T->isSized())
      return;
    add(Layout.getTypeAllocSize(T));
    if (auto *Struct = dyn_cast<StructType>(T))
      for (unsigned I = 0; I != Struct->getNumElements(); ++I)
        add(Layout.getStructLayout(Struct)->getElementOffset(I));
  }
  void addOperand(const Value *V, unsigned Depth) {
    add(V->getValueID());
    if (auto It = Numbers.find(V); It != Numbers.end())
      return add(It->second);
    const auto *C = dyn_cast<Constant>(V);
    if (!C || Depth > 8)
      return;
    addType(C->getType());
    if (const auto *Int = dyn_cast<ConstantInt>(C)) {
      add(Int->getValue().getLimitedValue());
    } else if (const auto *Float = dyn_cast<ConstantFP>(C)) {
      add(Float->getValueAPF().bitcastToAPInt().getLimitedValue());
    } else if (const auto *Data = dyn_cast<ConstantDataSequential>(C)) {
      Bytes += Data->getRawDataValues();
    } else if (const auto *G = dyn_cast<GlobalVariable>(C);
               G && G->hasPrivateLinkage()) {
      if (G->hasInitializer())
        addOperand(G->getInitializer(), Depth + 1);
    } else if (isa<GlobalValue>(C)) {
      Bytes += C->getName();
    } else {
      for (const Value *Operand : C->operand_values())
        addOperand(Operand, Depth + 1);
    }
  }

  const DataLayout &Layout;
  DenseMap<const Value *, unsigned> Numbers;
  std::string Bytes;
};

} // namespace

uint64_t upstare::patchgen::fingerprint(const Function &F) {
  Hasher H(F);
  for (const Instruction &I : instructions(F))
    if (!isa<DbgInfoIntrinsic>(I))
      H.add(I);
  return H.result();
}
