//===- LabelJumps.cpp - computed gotos -*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//     p1 = gep @labels, i           p1 = gep @labels, i
//     l1 = load p1                  br dispatch
//     br dispatch              →  dispatch:
//   dispatch:                       p = phi [p1, …], …
//     l = phi [l1, …], …            (update point)
//     indirectbr l                  l = load p; indirectbr l
//
// The block that all computed gotos of a function share is the header of an
// interpreter's loop, so the update point goes there. A label that is live
// across it would be an address in the old code; a position in a constant table
// is data, which patchgen knows how to forward to the new table.
//
// In the clone, p becomes p - @labels + @clone's labels: hot code and data keep
// f's labels, and the clone jumps to its own.
//
//===----------------------------------------------------------------------===//

#include "LabelJumps.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace upstare {

/// Whether all scalars of Init are labels of F.
static bool isLabelTable(const Constant &Init, const Function &F) {
  if (auto *Label = dyn_cast<BlockAddress>(&Init))
    return Label->getFunction() == &F;
  return isa<ConstantArray>(Init) && all_of(Init.operands(), [&](const Use &U) {
           return isLabelTable(*cast<Constant>(U), F);
         });
}

static bool isLabelTable(const GlobalVariable &G, const Function &F) {
  return G.hasDefinitiveInitializer() && G.getValueType()->isArrayTy() &&
         isLabelTable(*G.getInitializer(), F);
}

/// Whether the table is only ever read, through addresses computed in place.
static bool isOnlyRead(const Value &Address) {
  return all_of(Address.users(), [](const User *U) {
    return isa<LoadInst>(U) ||
           ((isa<GEPOperator>(U) || isa<ConstantExpr>(U)) && isOnlyRead(*U));
  });
}

static SmallVector<GlobalVariable *, 2> labelTables(Function &F) {
  SmallVector<GlobalVariable *, 2> Tables;
  for (GlobalVariable &G : F.getParent()->globals())
    if (isLabelTable(G, F)) {
      // What the optimiser would find out, did we not take the address.
      if (!G.isConstant() && G.hasLocalLinkage() && isOnlyRead(G))
        G.setConstant(true);
      if (G.isConstant())
        Tables.push_back(&G);
    }
  return Tables;
}

static bool hasLabels(const Function &F) {
  return any_of(F, [](const BasicBlock &B) { return B.hasAddressTaken(); });
}

static bool readsTable(const Value *V, ArrayRef<GlobalVariable *> Tables) {
  auto *Load = dyn_cast<LoadInst>(V);
  return Load && Load->isSimple() &&
         is_contained(Tables, getUnderlyingObject(Load->getPointerOperand()));
}

void sinkLabelLoads(Function &F) {
  if (!hasLabels(F))
    return;
  auto Tables = labelTables(F);
  for (BasicBlock &B : F) {
    auto *Jump = dyn_cast<IndirectBrInst>(B.getTerminator());
    auto *Label = Jump ? dyn_cast<PHINode>(Jump->getAddress()) : nullptr;
    if (!Label || Label->getParent() != &B || !Label->hasOneUse() ||
        !all_of(Label->incoming_values(),
                [&](const Use &U) { return readsTable(U.get(), Tables); }))
      continue;
    IRBuilder<> Builder(Label);
    PHINode *Position =
        Builder.CreatePHI(Builder.getPtrTy(), Label->getNumIncomingValues());
    for (unsigned I = 0; I < Label->getNumIncomingValues(); ++I)
      Position->addIncoming(
          cast<LoadInst>(Label->getIncomingValue(I))->getPointerOperand(),
          Label->getIncomingBlock(I));
    Builder.SetInsertPoint(Jump);
    LoadInst *Load = Builder.CreateLoad(Builder.getPtrTy(), Position);
    SmallVector<Instruction *> Dead;
    for (Value *V : Label->incoming_values())
      Dead.push_back(cast<Instruction>(V));
    Label->replaceAllUsesWith(Load);
    Label->eraseFromParent();
    for (Instruction *I : Dead)
      if (I->use_empty() && I->getParent())
        I->eraseFromParent();
  }
}

std::string labelsEscape(const Function &F) {
  for (const BasicBlock &B : F) {
    if (!B.hasAddressTaken())
      continue;
    const BlockAddress *Label = BlockAddress::lookup(&B);
    if (!Label)
      continue;
    SmallVector<const User *> Work(Label->users());
    while (!Work.empty()) {
      const User *U = Work.pop_back_val();
      if (isa<Instruction>(U))
        return "it computes with addresses of its labels";
      if (auto *G = dyn_cast<GlobalVariable>(U)) {
        if (!G->isConstant() || !isLabelTable(*G, F))
          return "it keeps addresses of its labels in '" + G->getName().str() +
                 "', which is no constant table of them";
        continue;
      }
      append_range(Work, U->users());
    }
  }
  return "";
}

//===----------------------------------------------------------------------===//
// In the clone
//===----------------------------------------------------------------------===//

static Constant *cloneTable(Constant &Init, Function &Clone,
                            ValueToValueMapTy &Map) {
  if (auto *Label = dyn_cast<BlockAddress>(&Init))
    return BlockAddress::get(
        &Clone, cast<BasicBlock>(Map.lookup(Label->getBasicBlock())));
  SmallVector<Constant *> Elements;
  for (Use &U : Init.operands())
    Elements.push_back(cloneTable(*cast<Constant>(U), Clone, Map));
  return ConstantArray::get(cast<ArrayType>(Init.getType()), Elements);
}

/// The loads whose values the jump may go to; false if something else is among
/// them.
static bool labelLoads(Value *Address, SmallPtrSetImpl<Value *> &Seen,
                       SmallSetVector<LoadInst *, 4> &Loads) {
  if (!Seen.insert(Address).second)
    return true;
  if (auto *Phi = dyn_cast<PHINode>(Address))
    return all_of(Phi->incoming_values(),
                  [&](Value *V) { return labelLoads(V, Seen, Loads); });
  auto *Load = dyn_cast<LoadInst>(Address);
  return Load && Loads.insert(Load);
}

bool redirectLabelJumps(Function &F, Function &Clone, ValueToValueMapTy &Map) {
  SmallSetVector<LoadInst *, 4> Loads;
  SmallPtrSet<Value *, 8> Seen;
  for (BasicBlock &B : Clone)
    if (auto *Jump = dyn_cast<IndirectBrInst>(B.getTerminator()))
      if (!labelLoads(Jump->getAddress(), Seen, Loads))
        return false;
  if (Loads.empty())
    return true;
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
  return true;
}

} // namespace upstare
