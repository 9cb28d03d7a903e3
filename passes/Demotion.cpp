//===- Demotion.cpp - values that live across continuation points -*- C++
//-*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//     t = call f()                 t = call f(); store t, %us.tmp
//     u = call g()          →      u = call g()
//     s = add t, u                 t' = load %us.tmp; s = add t', u
//
// so that all state of a frame is in memory when it is rebuilt: the rebuild
// clone can enter behind any point without repairing SSA form. mem2reg undoes
// this in hot code. At PipelineStart few values are affected: results of nested
// calls, conditional expressions, pointers of variable-length arrays.
//
// Temporaries get a structural name in metadata (value names are discarded by
// release builds of clang), by which patchgen matches them between versions.
//
//===----------------------------------------------------------------------===//

#include "Demotion.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/IR/CFG.h"
#include "llvm/IR/DebugInfo.h"
#include "llvm/IR/DebugProgramInstruction.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/Transforms/Utils/Local.h"

using namespace llvm;

namespace upstare {

static const char *const TemporaryKind = "upstare.temporary";
static const char *const ArrayKind = "upstare.array";

//===----------------------------------------------------------------------===//
// Variables
//===----------------------------------------------------------------------===//

DenseMap<const Value *, const DILocalVariable *> variablesOf(Function &F) {
  DenseMap<const Value *, const DILocalVariable *> Variables;
  auto Note = [&](const Value *Storage, const DILocalVariable *Variable,
                  const DIExpression *Expression) {
    if (Storage && Expression->getNumElements() == 0)
      Variables.try_emplace(Storage, Variable);
  };
  for (Instruction &I : instructions(F)) {
    for (DbgVariableRecord &R : filterDbgVars(I.getDbgRecordRange()))
      if (R.isDbgDeclare())
        Note(R.getVariableLocationOp(0), R.getVariable(), R.getExpression());
      else if (R.isDbgAssign())
        Note(R.getAddress(), R.getVariable(), R.getAddressExpression());
    if (auto *Declare = dyn_cast<DbgDeclareInst>(&I))
      Note(Declare->getAddress(), Declare->getVariable(),
           Declare->getExpression());
    else if (auto *Assign = dyn_cast<DbgAssignIntrinsic>(&I))
      Note(Assign->getAddress(), Assign->getVariable(),
           Assign->getAddressExpression());
  }
  return Variables;
}

//===----------------------------------------------------------------------===//
// Which values cross a point
//===----------------------------------------------------------------------===//

namespace {
class Crossings {
public:
  Crossings(ArrayRef<Point> Points, ArrayRef<SetjmpSite> Setjmps) {
    for (const Point &P : Points)
      ByBlock[P.Call->getParent()].push_back(P.Call);
    for (const SetjmpSite &Site : Setjmps)
      ByBlock[Site.Call->getParent()].push_back(Site.Call);
  }

  bool crosses(const Instruction &Def) const {
    return any_of(Def.uses(), [&](const Use &U) { return crosses(Def, U); });
  }

private:
  bool crosses(const Instruction &Def, const Use &U) const {
    const auto *User = cast<Instruction>(U.getUser());
    if (auto *Phi = dyn_cast<PHINode>(User))
      User = Phi->getIncomingBlock(U)->getTerminator();
    const BasicBlock *DefBlock = Def.getParent(), *UseBlock = User->getParent();
    if (DefBlock == UseBlock && Def.comesBefore(User))
      return pointBetween(DefBlock, &Def, User);
    if (pointBetween(UseBlock, nullptr, User) ||
        pointBetween(DefBlock, &Def, nullptr))
      return true;
    // Blocks between: all that reach the use without passing the definition.
    SmallPtrSet<const BasicBlock *, 16> Seen = {DefBlock};
    SmallVector<const BasicBlock *> Work(predecessors(UseBlock));
    while (!Work.empty()) {
      const BasicBlock *B = Work.pop_back_val();
      if (!Seen.insert(B).second)
        continue;
      if (ByBlock.count(B))
        return true;
      append_range(Work, predecessors(B));
    }
    return false;
  }

  /// A point of B strictly after After and strictly before Before.
  bool pointBetween(const BasicBlock *B, const Instruction *After,
                    const Instruction *Before) const {
    auto It = ByBlock.find(B);
    return It != ByBlock.end() && any_of(It->second, [&](const Instruction *P) {
             return (!After || After->comesBefore(P)) &&
                    (!Before || P->comesBefore(Before));
           });
  }

  DenseMap<const BasicBlock *, SmallVector<const Instruction *, 2>> ByBlock;
};
} // namespace

/// The address of a part of an object is made where it is used: less to record,
/// and no pointer to forward.
static void sinkFixedPlaces(Function &F, const Crossings &Cross) {
  SmallVector<GetElementPtrInst *> Places;
  for (Instruction &I : instructions(F))
    if (auto *Gep = dyn_cast<GetElementPtrInst>(&I);
        Gep && Gep->hasAllConstantIndices() &&
        isa<AllocaInst, Constant>(Gep->getPointerOperand()) &&
        Cross.crosses(*Gep))
      Places.push_back(Gep);
  for (GetElementPtrInst *Gep : Places) {
    for (Use &U : make_early_inc_range(Gep->uses())) {
      auto *User = cast<Instruction>(U.getUser());
      if (isa<PHINode>(User) || User == Gep->getNextNode())
        continue;
      Instruction *Copy = Gep->clone();
      Copy->insertBefore(User);
      U.set(Copy);
    }
    if (Gep->use_empty()) {
      Gep->replaceAllUsesWith(
          PoisonValue::get(Gep->getType())); // debug records
      Gep->eraseFromParent();
    }
  }
}

std::string temporaryName(const Instruction &I) {
  const MDNode *Node = I.getMetadata(TemporaryKind);
  return Node ? cast<MDString>(Node->getOperand(0))->getString().str() : "";
}

void markTemporary(Instruction &I, StringRef Name) {
  LLVMContext &C = I.getContext();
  I.setMetadata(TemporaryKind, MDNode::get(C, MDString::get(C, Name)));
  if (isa<AllocaInst>(I))
    I.setName("us.tmp");
}

const DILocalVariable *arrayOf(const AllocaInst &A) {
  return cast_or_null<DILocalVariable>(A.getMetadata(ArrayKind));
}

unsigned demoteLiveValues(Function &F, FieldNames &Fields,
                          ArrayRef<Point> Points,
                          ArrayRef<SetjmpSite> Setjmps) {
  if (Points.empty())
    return 0;
  Crossings Cross(Points, Setjmps);
  sinkFixedPlaces(F, Cross);
  auto Variables = variablesOf(F);
  TemporaryDescriber Names(Variables, Fields);
  SmallVector<std::pair<Instruction *, std::string>> Values;
  for (Instruction &I : instructions(F)) {
    auto *Alloca = dyn_cast<AllocaInst>(&I);
    if (I.getType()->isVoidTy() || I.getType()->isTokenTy() ||
        (Alloca && Alloca->isStaticAlloca()) || !Cross.crosses(I))
      continue;
    std::string Given = temporaryName(I);
    Values.emplace_back(&I, Given.empty() ? "%" + Names.describe(I) : Given);
  }
  for (auto &[I, Name] : Values) {
    const DILocalVariable *Array =
        isa<AllocaInst>(I) ? Variables.lookup(I) : nullptr;
    AllocaInst *Slot = DemoteRegToStack(*I, false, F.getEntryBlock().begin());
    if (!Slot)
      continue;
    markTemporary(*Slot, Name);
    if (Array)
      Slot->setMetadata(ArrayKind, const_cast<DILocalVariable *>(Array));
  }
  return Values.size();
}

} // namespace upstare
