//===- LabelTables.cpp - computed gotos by way of tables --------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//     p1 = gep @labels, i           p1 = gep @labels, i
//     l1 = load p1                  br dispatch
//     br dispatch              →  dispatch:
//   dispatch:                       p = phi [p1, …], [@f.label.x, …]
//     l = phi [l1, …],              (update point)
//             [&&x, …]              l = load p
//     indirectbr l                  indirectbr l
//
// The block that all computed gotos of a function share is the header of an
// interpreter's loop, so the update point goes there; and a program may fetch a
// label early, and call something before it jumps. What lives across the point
// is then a position.
//
// Variables that hold nothing but labels for computed gotos hold positions from
// then on; local arrays of labels become the constants that they are copies of.
//
//===----------------------------------------------------------------------===//

#include "LabelTables.h"
#include "Demotion.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/DebugInfo.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"
#include "llvm/Transforms/Utils/Local.h"
#include "llvm/Transforms/Utils/PromoteMemToReg.h"

using namespace llvm;

namespace upstare {

//===----------------------------------------------------------------------===//
// Tables
//===----------------------------------------------------------------------===//

namespace {
enum class Holds { NoLabel, Labels, Else };
} // namespace

static Holds contentsOf(const Constant &C, const Function &F) {
  if (auto *Label = dyn_cast<BlockAddress>(&C))
    return Label->getFunction() == &F ? Holds::Labels : Holds::Else;
  if (isa<GlobalValue>(C))
    return Holds::NoLabel;
  Holds All = Holds::NoLabel;
  for (const Use &U : C.operands()) {
    Holds One = contentsOf(*cast<Constant>(U), F);
    // In an expression: distances between labels.
    if (One == Holds::Else ||
        (One == Holds::Labels && !isa<ConstantAggregate>(C)))
      return Holds::Else;
    if (One == Holds::Labels)
      All = One;
  }
  return All;
}

bool isLabelTable(const Constant &Init, const Function &F) {
  return contentsOf(Init, F) == Holds::Labels;
}

static bool isLabelTable(const GlobalVariable &G, const Function &F) {
  return G.hasDefinitiveInitializer() && !G.isThreadLocal() &&
         isLabelTable(*G.getInitializer(), F);
}

SmallVector<GlobalVariable *, 2> labelTables(const Function &F) {
  SmallVector<GlobalVariable *, 2> Tables;
  for (const GlobalVariable &G : F.getParent()->globals())
    if (G.isConstant() && isLabelTable(G, F))
      Tables.push_back(const_cast<GlobalVariable *>(&G));
  return Tables;
}

bool hasComputedGotos(const Function &F) {
  return any_of(F, [](const BasicBlock &B) {
    return isa<IndirectBrInst>(B.getTerminator());
  });
}

/// Whether the table is only ever read, through addresses computed in place.
static bool isOnlyRead(const Value &Address) {
  return all_of(Address.users(), [](const User *U) {
    return isa<LoadInst>(U) ||
           ((isa<GEPOperator>(U) || isa<ConstantExpr>(U)) && isOnlyRead(*U));
  });
}

/// What the optimiser would find out, were the address not taken by the stored
/// module.
static void markConstantTables(Function &F) {
  for (GlobalVariable &G : F.getParent()->globals())
    if (!G.isConstant() && G.hasLocalLinkage() && isLabelTable(G, F) &&
        isOnlyRead(G))
      G.setConstant(true);
}

/// Takes A's variable of the source, and returns its name.
static std::string dropVariable(AllocaInst &A) {
  std::string Name;
  SmallVector<DbgVariableIntrinsic *> Intrinsics;
  SmallVector<DbgVariableRecord *> Records;
  findDbgUsers(Intrinsics, &A, &Records);
  for (DbgVariableIntrinsic *I : Intrinsics) {
    Name = I->getVariable()->getName().str();
    I->eraseFromParent();
  }
  for (DbgVariableRecord *R : Records) {
    Name = R->getVariable()->getName().str();
    R->eraseFromParent();
  }
  return Name;
}

static bool readsTable(const LoadInst &Load,
                       ArrayRef<GlobalVariable *> Tables) {
  return Load.isSimple() &&
         is_contained(Tables, getUnderlyingObject(Load.getPointerOperand()));
}

/// Private constants are no variables that patchgen knows.
static void makeVariable(GlobalVariable &G, const Twine &Name, Align At) {
  G.setName(Name);
  G.setLinkage(GlobalValue::InternalLinkage);
  G.setUnnamedAddr(GlobalValue::UnnamedAddr::None);
  G.setAlignment(std::max(At, G.getAlign().valueOrOne()));
}

//===----------------------------------------------------------------------===//
// Local arrays of labels
//===----------------------------------------------------------------------===//

namespace {
/// A local array that holds one constant, from its initialisation on.
class LocalTable {
public:
  LocalTable(AllocaInst &A, Function &F)
      : A(A), F(F), Layout(F.getParent()->getDataLayout()) {}

  bool replace() {
    auto *Ty = dyn_cast<ArrayType>(A.getAllocatedType());
    if (!Ty || !A.isStaticAlloca() || !walk(A, 0))
      return false;
    GlobalVariable *Table = Source ? Source : fromStores(*Ty);
    if (!Table)
      return false;
    makeVariable(*Table, F.getName() + "." + dropVariable(A), A.getAlign());
    for (Instruction *I : Dead)
      I->eraseFromParent();
    A.replaceAllUsesWith(Table);
    A.eraseFromParent();
    return true;
  }

private:
  bool walk(Instruction &Pointer, std::optional<uint64_t> Offset) {
    for (Use &U : Pointer.uses())
      if (!visit(*cast<Instruction>(U.getUser()), U, Offset))
        return false;
    return true;
  }

  bool visit(Instruction &I, const Use &U, std::optional<uint64_t> Offset) {
    if (auto *Load = dyn_cast<LoadInst>(&I))
      return Load->isSimple();
    if (auto *Gep = dyn_cast<GetElementPtrInst>(&I)) {
      APInt Delta(64, 0);
      if (Offset && Gep->accumulateConstantOffset(Layout, Delta))
        return walk(*Gep, *Offset + Delta.getZExtValue());
      return walk(*Gep, std::nullopt);
    }
    if (auto *Store = dyn_cast<StoreInst>(&I)) {
      auto *Label = dyn_cast<BlockAddress>(Store->getValueOperand());
      Dead.push_back(Store);
      return U.getOperandNo() == StoreInst::getPointerOperandIndex() &&
             Store->isSimple() && Label && Label->getFunction() == &F &&
             Offset && Stored.try_emplace(*Offset, Label).second;
    }
    Dead.push_back(&I);
    if (I.isLifetimeStartOrEnd())
      return true;
    auto *Copy = dyn_cast<MemCpyInst>(&I);
    if (!Copy || Source || &A != Copy->getRawDest() || Copy->isVolatile())
      return false;
    Source = dyn_cast<GlobalVariable>(Copy->getRawSource());
    auto *Length = dyn_cast<ConstantInt>(Copy->getLength());
    return Source && Source->hasPrivateLinkage() && Source->isConstant() &&
           Source->hasOneUse() && isLabelTable(*Source, F) && Length &&
           Length->getZExtValue() ==
               Layout.getTypeAllocSize(A.getAllocatedType());
  }

  /// Small arrays are filled element by element.
  GlobalVariable *fromStores(ArrayType &Ty) {
    if (Stored.empty() || !Ty.getElementType()->isPointerTy())
      return nullptr;
    SmallVector<Constant *> Elements(
        Ty.getNumElements(),
        ConstantPointerNull::get(cast<PointerType>(Ty.getElementType())));
    uint64_t Step = Layout.getTypeAllocSize(Ty.getElementType());
    for (auto [Offset, Label] : Stored) {
      if (Offset % Step != 0 || Offset / Step >= Elements.size())
        return nullptr;
      Elements[Offset / Step] = Label;
    }
    return new GlobalVariable(*F.getParent(), &Ty, /*isConstant=*/true,
                              GlobalValue::PrivateLinkage,
                              ConstantArray::get(&Ty, Elements));
  }

  AllocaInst &A;
  Function &F;
  const DataLayout &Layout;
  GlobalVariable *Source = nullptr;
  SmallDenseMap<uint64_t, BlockAddress *> Stored;
  SmallVector<Instruction *> Dead;
};
} // namespace

//===----------------------------------------------------------------------===//
// Variables that hold labels
//===----------------------------------------------------------------------===//

namespace {
/// Allocas that hold labels for computed gotos, and are used for nothing else.
class LabelVariables {
public:
  LabelVariables(Function &F, ArrayRef<GlobalVariable *> Tables)
      : F(F), Tables(Tables) {
    for (Instruction &I : instructions(F))
      if (auto *A = dyn_cast<AllocaInst>(&I);
          A && A->getAllocatedType()->isPointerTy() && isAllocaPromotable(A))
        Variables.insert(A);
    while (Variables.remove_if([&](AllocaInst *A) { return !holdsLabels(*A); }))
      ;
  }

  ArrayRef<AllocaInst *> all() const { return Variables.getArrayRef(); }
  bool contains(const Value *V) const {
    auto *A = dyn_cast<AllocaInst>(V);
    return A && Variables.contains(const_cast<AllocaInst *>(A));
  }

private:
  bool holdsLabels(const AllocaInst &A) const {
    bool Any = false;
    for (const User *U : A.users()) {
      SmallPtrSet<const Value *, 8> Seen;
      if (auto *Store = dyn_cast<StoreInst>(U)) {
        Any = true;
        if (!isLabel(Store->getValueOperand(), Seen))
          return false;
      } else if (isa<LoadInst>(U) && !goesToJumps(U, Seen)) {
        return false;
      }
    }
    return Any;
  }

  bool isLabel(const Value *V, SmallPtrSetImpl<const Value *> &Seen) const {
    if (!Seen.insert(V).second)
      return true;
    if (auto *Label = dyn_cast<BlockAddress>(V))
      return Label->getFunction() == &F && !F.hasComdat();
    if (auto *Load = dyn_cast<LoadInst>(V))
      return contains(Load->getPointerOperand()) || readsTable(*Load, Tables);
    if (auto *Select = dyn_cast<SelectInst>(V))
      return isLabel(Select->getTrueValue(), Seen) &&
             isLabel(Select->getFalseValue(), Seen);
    auto *Phi = dyn_cast<PHINode>(V);
    return Phi && all_of(Phi->incoming_values(),
                         [&](const Use &U) { return isLabel(U.get(), Seen); });
  }

  bool goesToJumps(const Value *V, SmallPtrSetImpl<const Value *> &Seen) const {
    return !Seen.insert(V).second || all_of(V->users(), [&](const User *U) {
      if (auto *Store = dyn_cast<StoreInst>(U))
        return Store->getValueOperand() == V &&
               contains(Store->getPointerOperand());
      return isa<IndirectBrInst>(U) ||
             (isa<PHINode, SelectInst>(U) && goesToJumps(U, Seen));
    });
  }

  Function &F;
  ArrayRef<GlobalVariable *> Tables;
  SmallSetVector<AllocaInst *, 8> Variables;
};
} // namespace

//===----------------------------------------------------------------------===//
// Positions
//===----------------------------------------------------------------------===//

namespace {
/// Takes labels to where they are in a table.
class Positions {
public:
  Positions(Function &F, ArrayRef<GlobalVariable *> Tables)
      : F(F), Tables(Tables), Variables(F, Tables) {}

  void run() {
    SmallVector<StoreInst *> Stores;
    for (AllocaInst *A : Variables.all())
      for (User *U : A->users())
        if (auto *Store = dyn_cast<StoreInst>(U))
          Stores.push_back(Store);
    // Before the first is changed: labels are told by what variables hold.
    for (BasicBlock &B : F)
      if (auto *Jump = dyn_cast<IndirectBrInst>(B.getTerminator()))
        if (!readsItsLabel(*Jump) && collect(Jump->getAddress()))
          Jumps.push_back(Jump);
    for (StoreInst *Store : Stores)
      collect(Store->getValueOperand());
    for (IndirectBrInst *Jump : Jumps) {
      IRBuilder<> B(Jump);
      Jump->setAddress(
          B.CreateLoad(B.getPtrTy(), positionOf(Jump->getAddress())));
    }
    for (StoreInst *Store : Stores)
      Store->setOperand(0, positionOf(Store->getValueOperand()));
    fillPhis();
    dropLabels();
    for (IndirectBrInst *Jump : Jumps)
      nameGoal(*cast<LoadInst>(Jump->getAddress())->getPointerOperand());
    for (AllocaInst *A : Variables.all())
      markTemporary(*A, "%label." + dropVariable(*A));
  }

private:
  bool readsItsLabel(const IndirectBrInst &Jump) const {
    auto *Load = dyn_cast<LoadInst>(Jump.getAddress());
    return Load && Load->getNextNonDebugInstruction() == &Jump &&
           !Variables.contains(Load->getPointerOperand());
  }

  /// Whether all that V may be has a position.
  bool collect(Value *V) {
    if (!Seen.insert(V).second)
      return true;
    if (auto *Phi = dyn_cast<PHINode>(V))
      return all_of(Phi->incoming_values(),
                    [&](Value *In) { return collect(In); });
    if (auto *Select = dyn_cast<SelectInst>(V))
      return collect(Select->getTrueValue()) &&
             collect(Select->getFalseValue());
    if (auto *Label = dyn_cast<BlockAddress>(V))
      return Label->getFunction() == &F && !F.hasComdat();
    if (isa<UndefValue>(V))
      return true;
    auto *Load = dyn_cast<LoadInst>(V);
    return Load && (Variables.contains(Load->getPointerOperand()) ||
                    readsTable(*Load, Tables));
  }

  Value *positionOf(Value *Label) {
    if (Value *Known = Position.lookup(Label))
      return Known;
    return Position[Label] = makePosition(*Label);
  }

  Value *makePosition(Value &Label) {
    if (auto *Phi = dyn_cast<PHINode>(&Label)) {
      Phis.push_back(Phi);
      auto *To = PHINode::Create(Phi->getType(), Phi->getNumIncomingValues(),
                                 "", Phi->getIterator());
      To->setDebugLoc(Phi->getDebugLoc());
      return To;
    }
    if (auto *Select = dyn_cast<SelectInst>(&Label)) {
      IRBuilder<> B(Select);
      Value *True = positionOf(Select->getTrueValue());
      Value *False = positionOf(Select->getFalseValue());
      return B.CreateSelect(Select->getCondition(), True, False);
    }
    if (auto *Load = dyn_cast<LoadInst>(&Label))
      return Variables.contains(Load->getPointerOperand())
                 ? Load
                 : Load->getPointerOperand();
    if (auto *Address = dyn_cast<BlockAddress>(&Label))
      return tableOf(*Address);
    return PoisonValue::get(Label.getType());
  }

  /// New ones may come up meanwhile.
  void fillPhis() {
    for (size_t I = 0; I != Phis.size(); ++I) {
      PHINode *From = Phis[I];
      auto *To = cast<PHINode>(Position.lookup(From));
      for (unsigned N = 0; N != From->getNumIncomingValues(); ++N)
        To->addIncoming(positionOf(From->getIncomingValue(N)),
                        From->getIncomingBlock(N));
    }
  }

  /// The same in every version, whatever code and labels it has.
  static void nameGoal(Value &At) {
    auto *Phi = dyn_cast<PHINode>(&At);
    if (Phi && temporaryName(*Phi).empty()) {
      markTemporary(*Phi, "%label.goto");
      for (Value *From : Phi->incoming_values())
        nameGoal(*From);
    } else if (auto *Gep = dyn_cast<GetElementPtrInst>(&At);
               Gep && Gep->hasOneUse()) {
      markTemporary(*Gep, "%label.goto");
    }
  }

  /// The labels themselves, unless somebody else looks at them.
  void dropLabels() {
    SmallVector<WeakTrackingVH> Loads;
    for (Value *V : Seen)
      if (isa<LoadInst>(V))
        Loads.emplace_back(V);
    auto IsNode = [](const Value *V) { return isa<PHINode, SelectInst>(V); };
    if (all_of(Seen, [&](Value *V) {
          return !IsNode(V) || all_of(V->users(), [&](User *U) {
            return IsNode(U) && Seen.contains(U);
          });
        }))
      for (Value *V : Seen)
        if (IsNode(V)) {
          V->replaceAllUsesWith(PoisonValue::get(V->getType()));
          cast<Instruction>(V)->eraseFromParent();
        }
    RecursivelyDeleteTriviallyDeadInstructionsPermissive(Loads);
  }

  static std::string nameOf(const BasicBlock &Block) {
    for (const DbgRecord &R : Block.front().getDbgRecordRange())
      if (auto *Label = dyn_cast<DbgLabelRecord>(&R))
        return Label->getLabel()->getName().str();
    for (const Instruction &I : Block)
      if (auto *Label = dyn_cast<DbgLabelInst>(&I))
        return Label->getLabel()->getName().str();
    return "";
  }

  /// A table of one label.
  GlobalVariable *tableOf(BlockAddress &Label) {
    std::string Name =
        (F.getName() + ".label." + nameOf(*Label.getBasicBlock())).str();
    Module &M = *F.getParent();
    auto *Ty = ArrayType::get(Label.getType(), 1);
    auto *Init = ConstantArray::get(Ty, {&Label});
    if (auto *Made = M.getNamedGlobal(Name);
        Made && Made->hasInitializer() && Made->getInitializer() == Init)
      return Made;
    auto *Table = new GlobalVariable(M, Ty, /*isConstant=*/true,
                                     GlobalValue::InternalLinkage, Init);
    makeVariable(*Table, Name, M.getDataLayout().getABITypeAlign(Ty));
    return Table;
  }

  Function &F;
  ArrayRef<GlobalVariable *> Tables;
  LabelVariables Variables;
  SmallVector<IndirectBrInst *> Jumps;
  SmallPtrSet<Value *, 16> Seen;
  DenseMap<Value *, Value *> Position;
  SmallVector<PHINode *> Phis;
};
} // namespace

static void replaceLocalTables(Function &F) {
  // A table of a function that may be discarded would have to go with it.
  if (F.hasComdat())
    return;
  SmallVector<AllocaInst *> Arrays;
  for (Instruction &I : F.getEntryBlock())
    if (auto *A = dyn_cast<AllocaInst>(&I))
      Arrays.push_back(A);
  for (AllocaInst *A : Arrays)
    LocalTable(*A, F).replace();
}

void makeLabelTables(Function &F) {
  if (!hasComputedGotos(F))
    return;
  markConstantTables(F);
  replaceLocalTables(F);
  auto Tables = labelTables(F);
  Positions(F, Tables).run();
}

} // namespace upstare
