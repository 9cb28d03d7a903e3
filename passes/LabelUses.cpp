//===- LabelUses.cpp - where addresses of labels get to ---------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// See LabelUses.h. Forward from the labels and their tables, through values and
// through local memory whose address is not given away; backward from the
// gotos.
//
//===----------------------------------------------------------------------===//

#include "LabelUses.h"
#include "LabelTables.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/Analysis/ConstantFolding.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"
#include "llvm/IR/Operator.h"
#include "llvm/Transforms/Utils/PromoteMemToReg.h"
#include <numeric>

using namespace llvm;

namespace upstare {

static std::string lineOf(const Instruction &I) {
  const DebugLoc &Where = I.getDebugLoc();
  return Where ? " (line " + std::to_string(Where.getLine()) + ")" : "";
}

//===----------------------------------------------------------------------===//
// Forward
//===----------------------------------------------------------------------===//

namespace {
class LabelFlow {
public:
  explicit LabelFlow(const Function &F)
      : F(F), Layout(F.getParent()->getDataLayout()) {}

  std::string run() {
    for (const BasicBlock &B : F)
      if (B.hasAddressTaken())
        if (const BlockAddress *Label = BlockAddress::lookup(&B))
          follow(*Label, What::Label);
    while (Found.empty() && !Work.empty()) {
      auto [V, Is] = Work.pop_back_val();
      for (const Use &U : V->uses())
        if (Found.empty())
          visit(U, Is);
    }
    return Found;
  }

private:
  /// A label (or what is computed from one), the address of a table of them,
  /// or of local memory that holds the former or the latter.
  enum class What { Label, Table, LabelMemory, TableMemory };

  void follow(const Value &V, What Is) {
    if (Seen.insert({&V, Is}).second)
      Work.emplace_back(&V, Is);
  }

  void visit(const Use &U, What Is) {
    const User *By = U.getUser();
    if (const auto *G = dyn_cast<GlobalVariable>(By))
      return inVariable(*G, Is);
    if (!isa<Instruction>(By)) {
      if (isa<ConstantExpr, ConstantAggregate>(By))
        follow(*By, Is);
      return;
    }
    const auto &I = cast<Instruction>(*By);
    if (I.getFunction() != &F)
      Found = "uses addresses of its labels in another function, '" +
              I.getFunction()->getName().str() + "'";
    else if (isa<IndirectBrInst, ICmpInst>(I) || I.isLifetimeStartOrEnd() ||
             isa<DbgInfoIntrinsic>(I))
      return;
    else if (isa<PHINode, SelectInst, GetElementPtrInst, CastInst,
                 BinaryOperator, FreezeInst>(I))
      follow(I, Is);
    else if (const auto *Load = dyn_cast<LoadInst>(&I))
      visitLoad(*Load, Is);
    else if (const auto *Store = dyn_cast<StoreInst>(&I))
      visitStore(*Store, U, Is);
    else if (!overwrites(I, U, Is))
      Found = (Is == What::Label ? "gives the address of a label away"
                                 : "gives the address of its labels away") +
              lineOf(I);
  }

  /// In an initialiser.
  void inVariable(const GlobalVariable &G, What Is) {
    if (Is == What::Label && G.isConstant() && !G.isThreadLocal())
      follow(G, What::Table);
    else if (!G.getName().starts_with("llvm."))
      Found = "keeps addresses of its labels in '" + G.getName().str() +
              "', which is no constant table of them";
  }

  void visitLoad(const LoadInst &Load, What Is) {
    if (Is == What::TableMemory)
      follow(Load, What::Table);
    else if (Is == What::LabelMemory ||
             (Is == What::Table && mayReadLabel(Load)))
      follow(Load, What::Label);
  }

  void visitStore(const StoreInst &Store, const Use &U, What Is) {
    if (U.getOperandNo() == StoreInst::getPointerOperandIndex())
      return;
    const Value *To = Store.getPointerOperand()->stripInBoundsOffsets();
    if (isa<AllocaInst>(To) && Is == What::Label)
      follow(*To, What::LabelMemory);
    else if (isa<AllocaInst>(To) && Is == What::Table)
      follow(*To, What::TableMemory);
    else
      Found = "stores the address of a label" + lineOf(Store);
  }

  /// Whether I only writes to the local memory.
  static bool overwrites(const Instruction &I, const Use &U, What Is) {
    const auto *Mem = dyn_cast<MemIntrinsic>(&I);
    return Is != What::Label && Mem && &Mem->getRawDestUse() == &U;
  }

  static bool mentionsLabel(const Constant &C) {
    return isa<BlockAddress>(C) ||
           (!isa<GlobalValue>(C) && any_of(C.operands(), [](const Use &U) {
             return mentionsLabel(*cast<Constant>(U));
           }));
  }

  /// Of a table of structures, most fields are none. False only if all that it
  /// may read is known.
  bool mayReadLabel(const LoadInst &Load) const {
    uint64_t Step = 0;
    APInt At(64, 0);
    const Value *Base = Load.getPointerOperand();
    while (const auto *Gep = dyn_cast<GEPOperator>(Base)) {
      MapVector<Value *, APInt> Variable;
      if (!Gep->collectOffset(Layout, 64, Variable, At))
        return true;
      for (const auto &Entry : Variable)
        Step = std::gcd(Step, Entry.second.abs().getZExtValue());
      Base = Gep->getPointerOperand();
    }
    const auto *Table = dyn_cast<GlobalVariable>(Base);
    if (!Table || !Table->hasInitializer())
      return true;
    uint64_t Size = Layout.getTypeAllocSize(Table->getValueType());
    uint64_t Offset = At.getZExtValue();
    for (Offset = Step ? Offset % Step : Offset; Offset < Size;
         Offset += Step) {
      Constant *C = ConstantFoldLoadFromConst(
          const_cast<Constant *>(Table->getInitializer()), Load.getType(),
          APInt(64, Offset), Layout);
      if (!C || mentionsLabel(*C))
        return true;
      if (!Step)
        break;
    }
    return false;
  }

  const Function &F;
  const DataLayout &Layout;
  SmallVector<std::pair<const Value *, What>> Work;
  DenseSet<std::pair<const Value *, What>> Seen;
  std::string Found;
};
} // namespace

std::string howLabelsOutliveCalls(const Function &F) {
  return hasComputedGotos(F) ? LabelFlow(F).run() : "";
}

//===----------------------------------------------------------------------===//
// Backward
//===----------------------------------------------------------------------===//

namespace {
class PositionCheck {
public:
  explicit PositionCheck(ArrayRef<GlobalVariable *> Tables) : Tables(Tables) {}

  bool isPosition(const Value *V) {
    if (!Seen.insert(V).second)
      return true;
    if (const auto *Gep = dyn_cast<GEPOperator>(V))
      return isPosition(Gep->getPointerOperand());
    if (const auto *Phi = dyn_cast<PHINode>(V))
      return all_of(Phi->incoming_values(),
                    [&](const Use &In) { return isPosition(In.get()); });
    if (const auto *Select = dyn_cast<SelectInst>(V))
      return isPosition(Select->getTrueValue()) &&
             isPosition(Select->getFalseValue());
    if (const auto *Load = dyn_cast<LoadInst>(V))
      return holdsPositions(Load->getPointerOperand());
    return isa<PoisonValue>(V) || is_contained(Tables, V);
  }

private:
  bool holdsPositions(const Value *Memory) {
    const auto *A = dyn_cast<AllocaInst>(Memory);
    return A && isAllocaPromotable(A) && all_of(A->users(), [&](const User *U) {
             const auto *Store = dyn_cast<StoreInst>(U);
             return !Store || isPosition(Store->getValueOperand());
           });
  }

  ArrayRef<GlobalVariable *> Tables;
  SmallPtrSet<const Value *, 16> Seen;
};
} // namespace

std::string whichGotoHasNoTable(const Function &F) {
  auto Tables = labelTables(F);
  for (const BasicBlock &B : F) {
    const auto *Jump = dyn_cast<IndirectBrInst>(B.getTerminator());
    if (!Jump)
      continue;
    const auto *Label = dyn_cast<LoadInst>(Jump->getAddress());
    if (!Label || Label->getNextNonDebugInstruction() != Jump ||
        !PositionCheck(Tables).isPosition(Label->getPointerOperand()))
      return "goes to a label that it has not read from a constant table of "
             "labels" +
             lineOf(*Jump);
  }
  return "";
}

} // namespace upstare
