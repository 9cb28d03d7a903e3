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
#include "llvm/IR/DebugInfo.h"
#include "llvm/IR/DebugProgramInstruction.h"
#include "llvm/IR/IntrinsicInst.h"

using namespace llvm;

namespace upstare {

StorageUses::StorageUses(const Value &Storage,
                         const DILocalVariable *Variable) {
  collect(Storage, Variable);
  solve();
}

/// The instructions that have the declaration of the variable in front of them.
/// (At -O1 and above that is not to be seen: assignment tracking puts it at the
/// entry.) Parameters have none that counts: they are stored before it, once.
static SmallPtrSet<const Instruction *, 2>
declarations(const Value &Storage, const DILocalVariable *Variable) {
  SmallPtrSet<const Instruction *, 2> Found;
  if (!Variable || Variable->getArg())
    return Found;
  // The use lists of debug records have no const interface.
  for (DbgVariableRecord *R : findDVRDeclares(const_cast<Value *>(&Storage)))
    if (R->getVariable() == Variable)
      Found.insert(R->getInstruction());
  return Found;
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
  auto Declared = declarations(Storage, Variable);
  for (const Instruction *I : Declared)
    Blocks.insert(I->getParent());
  for (const BasicBlock *B : Blocks) {
    BlockEvents &List = Events[B];
    for (const Instruction &I : *B) {
      if (Declared.contains(&I))
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
  // From blocks in which Tells finds a use, through those that tell nothing.
  auto Spread = [&](auto Tells, auto Neighbours, auto &Reached) {
    SmallVector<const BasicBlock *> Work;
    for (const auto &[B, List] : Events)
      if (const Event *E = Tells(List); E && E->What == Event::Use)
        Work.push_back(B);
    while (!Work.empty()) {
      const BasicBlock *B = Work.pop_back_val();
      if (!Reached.insert(B).second)
        continue;
      for (const BasicBlock *Next : Neighbours(B)) {
        auto It = Events.find(Next);
        if (It == Events.end() || !Tells(It->second))
          Work.push_back(Next);
      }
    }
  };
  Spread(
      firstOf, [](const BasicBlock *B) { return predecessors(B); },
      UsedFromStart);
  Spread(lastOf, [](const BasicBlock *B) { return successors(B); }, UsedAtEnd);
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
