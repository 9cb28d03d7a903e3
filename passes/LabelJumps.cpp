//===- LabelJumps.cpp - computed gotos of clones -----------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//     l = load p                l = load (p - @labels + @clone's labels)
//     indirectbr l         →    indirectbr l
//
// In the clone: hot code and data keep positions in f's tables, and the clone
// jumps to its own labels.
//
//===----------------------------------------------------------------------===//

#include "LabelJumps.h"
#include "LabelTables.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace upstare {

static Constant *cloneTable(Constant &Init, Function &Clone,
                            ValueToValueMapTy &Map) {
  if (auto *Label = dyn_cast<BlockAddress>(&Init))
    return BlockAddress::get(
        &Clone, cast<BasicBlock>(Map.lookup(Label->getBasicBlock())));
  if (!isa<ConstantArray, ConstantStruct>(Init))
    return &Init;
  SmallVector<Constant *> Elements;
  for (Use &U : Init.operands())
    Elements.push_back(cloneTable(*cast<Constant>(U), Clone, Map));
  if (auto *Ty = dyn_cast<StructType>(Init.getType()))
    return ConstantStruct::get(Ty, Elements);
  return ConstantArray::get(cast<ArrayType>(Init.getType()), Elements);
}

void redirectLabelJumps(Function &F, Function &Clone, ValueToValueMapTy &Map) {
  SmallVector<LoadInst *> Loads;
  for (BasicBlock &B : Clone)
    if (auto *Jump = dyn_cast<IndirectBrInst>(B.getTerminator()))
      Loads.push_back(cast<LoadInst>(Jump->getAddress()));
  if (Loads.empty())
    return;
  SmallVector<std::pair<GlobalVariable *, GlobalVariable *>, 2> Tables;
  for (GlobalVariable *Table : labelTables(F))
    Tables.emplace_back(
        Table,
        new GlobalVariable(*F.getParent(), Table->getValueType(), true,
                           GlobalValue::PrivateLinkage,
                           cloneTable(*Table->getInitializer(), Clone, Map),
                           Table->getName() + ".rebuild"));
  const DataLayout &Layout = F.getParent()->getDataLayout();
  for (LoadInst *Load : Loads) {
    IRBuilder<> B(Load);
    Value *From = Load->getPointerOperand(), *To = From;
    for (auto [Table, Copy] : Tables) {
      Value *Offset = B.CreateSub(B.CreatePtrToInt(From, B.getInt64Ty()),
                                  B.CreatePtrToInt(Table, B.getInt64Ty()));
      Value *InTable = B.CreateICmpULT(
          Offset, B.getInt64(Layout.getTypeAllocSize(Table->getValueType())));
      To =
          B.CreateSelect(InTable, B.CreateGEP(B.getInt8Ty(), Copy, Offset), To);
    }
    Load->setOperand(LoadInst::getPointerOperandIndex(), To);
  }
}

} // namespace upstare
