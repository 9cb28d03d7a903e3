//===- StorageUses.cpp - when an object's memory matters ---------*- C++
//-*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// See StorageUses.h.
//
//===----------------------------------------------------------------------===//

#include "StorageUses.h"
#include "llvm/IR/CFG.h"
#include "llvm/IR/DebugProgramInstruction.h"
#include "llvm/IR/IntrinsicInst.h"

using namespace llvm;

namespace upstare {

StorageUses::StorageUses(const Value &Storage,
                         const DILocalVariable *Variable) {
  collect(Storage, Variable);
  solve();
}

/// Whether I has the declaration of the variable in front of it. (At -O1 and
/// above that is not to be seen: assignment tracking puts it at the entry.)
static bool declares(const Instruction &I, const Value &Storage,
                     const DILocalVariable *Variable) {
  // The records have no const interface.
  for (DbgVariableRecord &R : filterDbgVars(I.getDbgRecordRange()))
    if (R.isDbgDeclare() && R.getVariable() == Variable &&
        R.getVariableLocationOp(0) == &Storage)
      return true;
  return false;
}

void StorageUses::collect(const Value &Storage,
                          const DILocalVariable *Variable) {
  SmallPtrSet<const Instruction *, 16> Users, Begins;
  SmallPtrSet<const BasicBlock *, 16> Blocks;
  SmallVector<const Value *> Work = {&Storage};
  while (!Work.empty())
    for (const User *U : Work.pop_back_val()->users()) {
      auto *I = cast<Instruction>(U);
      Blocks.insert(I->getParent());
      if (I->isLifetimeStartOrEnd()) {
        if (cast<IntrinsicInst>(I)->getIntrinsicID() ==
            Intrinsic::lifetime_start)
          Begins.insert(I);
        continue;
      }
      if (Users.insert(I).second &&
          isa<GetElementPtrInst, CastInst, PHINode, SelectInst>(I))
        Work.push_back(I);
    }
  // Parameters are stored before they are declared, once.
  bool Declared = Variable && !Variable->getArg();
  auto *A = dyn_cast<AllocaInst>(&Storage);
  const Function *F = A ? A->getFunction() : nullptr;
  if (Declared && F)
    for (const BasicBlock &B : *F)
      for (const Instruction &I : B)
        if (declares(I, Storage, Variable))
          Blocks.insert(&B);
  for (const BasicBlock *B : Blocks) {
    BlockEvents &List = Events[B];
    for (const Instruction &I : *B) {
      if (Declared && declares(I, Storage, Variable))
        List.push_back({&I, Event::Declaration});
      if (Begins.contains(&I))
        List.push_back({&I, Event::Lifetime});
      if (Users.contains(&I))
        List.push_back({&I, Event::Use});
    }
  }
}

const StorageUses::Event *StorageUses::firstOf(const BlockEvents &List) {
  return List.empty() ? nullptr : &List.front();
}

const StorageUses::Event *StorageUses::lastOf(const BlockEvents &List) {
  for (const Event &E : reverse(List))
    if (E.What != Event::Declaration)
      return &E;
  return nullptr;
}

void StorageUses::solve() {
  SmallVector<const BasicBlock *> Work;
  for (const auto &[B, List] : Events)
    if (const Event *E = firstOf(List); E && E->What == Event::Use)
      Work.push_back(B);
  while (!Work.empty()) {
    const BasicBlock *B = Work.pop_back_val();
    if (!UsedFromStart.insert(B).second)
      continue;
    for (const BasicBlock *P : predecessors(B)) {
      auto It = Events.find(P);
      if (It == Events.end() || !firstOf(It->second))
        Work.push_back(P);
    }
  }
  for (const auto &[B, List] : Events)
    if (const Event *E = lastOf(List); E && E->What == Event::Use)
      Work.push_back(B);
  while (!Work.empty()) {
    const BasicBlock *B = Work.pop_back_val();
    if (!UsedAtEnd.insert(B).second)
      continue;
    for (const BasicBlock *S : successors(B)) {
      auto It = Events.find(S);
      if (It == Events.end() || !lastOf(It->second))
        Work.push_back(S);
    }
  }
}

bool StorageUses::hasBeginning() const {
  return any_of(Events, [](const auto &Entry) {
    return any_of(Entry.second,
                  [](const Event &E) { return E.What != Event::Use; });
  });
}

bool StorageUses::follows(const Instruction &Point) const {
  const BasicBlock *B = Point.getParent();
  if (auto It = Events.find(B); It != Events.end())
    for (const Event &E : It->second)
      if (Point.comesBefore(E.At))
        return E.What == Event::Use;
  return any_of(successors(B),
                [&](const BasicBlock *S) { return UsedFromStart.contains(S); });
}

bool StorageUses::precedes(const Instruction &Point) const {
  const BasicBlock *B = Point.getParent();
  if (auto It = Events.find(B); It != Events.end())
    for (const Event &E : reverse(It->second))
      if (E.What != Event::Declaration &&
          (E.At == &Point || E.At->comesBefore(&Point)))
        return E.What == Event::Use;
  return any_of(predecessors(B),
                [&](const BasicBlock *P) { return UsedAtEnd.contains(P); });
}

} // namespace upstare
