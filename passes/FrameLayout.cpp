//===- FrameLayout.cpp - the frame struct of a function -*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// By value: an alloca all of whose uses are loads, stores and copies at
// constant offsets, small enough that SROA takes it apart; recording it means
// passing each of its scalars in the bundle. Everything else is pinned: the
// bundle holds the address, the object stays in memory anyway. Of the
// arguments, byval ones are pinned objects; sret and others that are used
// directly are values.
//
//===----------------------------------------------------------------------===//

#include "FrameLayout.h"
#include "Abi.h"
#include "Demotion.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace upstare {

namespace {

constexpr unsigned MaxLeaves = 16;
constexpr unsigned MaxArrayElements = 8;

bool flatten(const DataLayout &Layout, Type *Ty, uint64_t Offset,
             SmallVectorImpl<Leaf> &Leaves) {
  if (auto *Struct = dyn_cast<StructType>(Ty)) {
    const StructLayout *SL = Layout.getStructLayout(Struct);
    for (unsigned I = 0; I < Struct->getNumElements(); ++I)
      if (!flatten(Layout, Struct->getElementType(I),
                   Offset + SL->getElementOffset(I), Leaves))
        return false;
    return true;
  }
  if (auto *Array = dyn_cast<ArrayType>(Ty)) {
    if (Array->getNumElements() > MaxArrayElements)
      return false;
    uint64_t Stride = Layout.getTypeAllocSize(Array->getElementType());
    for (uint64_t I = 0; I < Array->getNumElements(); ++I)
      if (!flatten(Layout, Array->getElementType(), Offset + I * Stride,
                   Leaves))
        return false;
    return true;
  }
  if (!Ty->isSingleValueType() || isa<ScalableVectorType>(Ty))
    return false;
  TypeSize Bits = Layout.getTypeSizeInBits(Ty);
  if (Ty->isVectorTy() && Bits.getFixedValue() % 8 != 0)
    return false;
  Leaves.push_back({0, Offset, Layout.getTypeStoreSize(Ty), Ty});
  return Leaves.size() <= MaxLeaves;
}

/// Gathers the accesses to an alloca, as long as all are at constant offsets
/// and none lets its address escape.
class AccessWalk {
public:
  AccessWalk(AllocaInst &A, unsigned Member, const DataLayout &Layout)
      : Root(A), Member(Member), Layout(Layout),
        Size(Layout.getTypeAllocSize(A.getAllocatedType())) {}

  bool run(std::vector<Access> &Out) {
    if (!walk(Root, 0))
      return false;
    append_range(Out, Found);
    return true;
  }

private:
  void add(Instruction *I, int64_t Offset, uint64_t Bytes, bool IsUse) {
    Found.push_back({I, Member, static_cast<uint64_t>(Offset), Bytes, IsUse});
  }

  bool inBounds(int64_t Offset, uint64_t Bytes) const {
    return Offset >= 0 && static_cast<uint64_t>(Offset) + Bytes <= Size;
  }

  bool walk(Instruction &Pointer, int64_t Offset) {
    for (Use &U : Pointer.uses())
      if (!visit(*cast<Instruction>(U.getUser()), U, Offset))
        return false;
    return true;
  }

  bool visit(Instruction &I, Use &U, int64_t Offset) {
    if (auto *Load = dyn_cast<LoadInst>(&I)) {
      uint64_t Bytes = Layout.getTypeStoreSize(Load->getType());
      if (Load->isVolatile() || Load->isAtomic() || !inBounds(Offset, Bytes))
        return false;
      add(&I, Offset, Bytes, true);
      return true;
    }
    if (auto *Store = dyn_cast<StoreInst>(&I)) {
      uint64_t Bytes =
          Layout.getTypeStoreSize(Store->getValueOperand()->getType());
      if (U.getOperandNo() != StoreInst::getPointerOperandIndex() ||
          Store->isVolatile() || Store->isAtomic() || !inBounds(Offset, Bytes))
        return false;
      add(&I, Offset, Bytes, false);
      return true;
    }
    if (auto *Gep = dyn_cast<GetElementPtrInst>(&I)) {
      APInt Delta(64, 0);
      return Gep->accumulateConstantOffset(Layout, Delta) &&
             walk(*Gep, Offset + Delta.getSExtValue());
    }
    return visitIntrinsic(dyn_cast<IntrinsicInst>(&I), U, Offset);
  }

  bool visitIntrinsic(IntrinsicInst *I, Use &U, int64_t Offset) {
    if (!I)
      return false;
    if (I->isLifetimeStartOrEnd()) {
      add(I, 0, Size, false);
      return true;
    }
    auto *Mem = dyn_cast<MemIntrinsic>(I);
    if (!Mem || Mem->isVolatile())
      return isa<DbgInfoIntrinsic>(I);
    auto *Length = dyn_cast<ConstantInt>(Mem->getLength());
    if (!Length || !inBounds(Offset, Length->getZExtValue()))
      return false;
    bool IsUse = isa<MemTransferInst>(Mem) && U.getOperandNo() == 1;
    add(I, Offset, Length->getZExtValue(), IsUse);
    return true;
  }

  AllocaInst &Root;
  unsigned Member;
  const DataLayout &Layout;
  uint64_t Size;
  std::vector<Access> Found;
};

class LayoutBuilder {
public:
  explicit LayoutBuilder(Function &F)
      : F(F), Layout(F.getParent()->getDataLayout()),
        Variables(variablesOf(F)) {}

  FrameLayout build() {
    for (Argument &A : F.args())
      addArgument(A);
    for (Instruction &I : F.getEntryBlock())
      if (auto *A = dyn_cast<AllocaInst>(&I); A && A->isStaticAlloca())
        addAlloca(*A);
    makeNamesUnique();
    place();
    return std::move(Result);
  }

private:
  /// Whether I runs before anything that could be a continuation point.
  bool isBeforeCalls(const Instruction &I) const {
    if (I.getParent() != &F.getEntryBlock())
      return false;
    return none_of(F.getEntryBlock(), [&](const Instruction &Other) {
      return isa<CallBase>(Other) && !isa<IntrinsicInst>(Other) &&
             (&Other == &I || Other.comesBefore(&I));
    });
  }

  void addArgument(Argument &A) {
    // Arguments that only go to their allocas, as they are or converted (a
    // _Bool), are covered by these. The place of the result is always kept: the
    // next version may still write there.
    if (!A.hasByValAttr() && !A.hasStructRetAttr() &&
        all_of(A.users(),
               [&](User *U) { return isBeforeCalls(*cast<Instruction>(U)); }))
      return;
    Member M;
    describe(M, A);
    if (Type *Object = A.getParamByValType()) {
      M.Kind = MemberKind::Pinned;
      M.ValueType = Object;
      M.Size = Layout.getTypeAllocSize(Object);
    } else {
      // A variable that lives in memory of the caller: the value is a pointer.
      if (A.getType()->isPointerTy() && M.Variable) {
        M.Name = "%arg." + M.Name;
        M.Variable = nullptr;
      }
      M.ValueType = A.getType();
      M.Size = Layout.getTypeStoreSize(A.getType());
      Result.Leaves.push_back({static_cast<unsigned>(Result.Members.size()), 0,
                               M.Size, M.ValueType});
    }
    Result.Members.push_back(std::move(M));
  }

  void addAlloca(AllocaInst &A) {
    if (A.use_empty() || A.isSwiftError())
      return;
    unsigned Index = Result.Members.size();
    Member M;
    describe(M, A);
    if (M.isTemporary() && !temporaryName(A).empty())
      M.Name = temporaryName(A);
    M.Array = arrayOf(A);
    M.ValueType = A.getAllocatedType();
    if (A.isArrayAllocation())
      M.ValueType = ArrayType::get(
          M.ValueType, cast<ConstantInt>(A.getArraySize())->getZExtValue());
    M.Size = Layout.getTypeAllocSize(M.ValueType);
    SmallVector<Leaf> Leaves;
    if (!A.isArrayAllocation() && flatten(Layout, M.ValueType, 0, Leaves) &&
        AccessWalk(A, Index, Layout).run(Result.Accesses)) {
      for (Leaf &L : Leaves) {
        L.Member = Index;
        Result.Leaves.push_back(L);
      }
    } else {
      M.Kind = MemberKind::Pinned;
    }
    Result.Members.push_back(std::move(M));
  }

  /// Clang's own variables. What the numbers mean that say where a cleanup goes
  /// on, only an unchanged function knows (a '?', see TemporaryNames.h).
  static std::string slotName(const AllocaInst &A) {
    for (const User *U : A.users())
      if (auto *Load = dyn_cast<LoadInst>(U))
        for (const User *Of : Load->users()) {
          if (isa<ReturnInst>(Of))
            return "%return value";
          if (isa<SwitchInst>(Of))
            return "%cleanup.dest?";
        }
    return "%slot";
  }

  void describe(Member &M, Value &Storage) {
    M.Storage = &Storage;
    M.Variable = Variables.lookup(&Storage);
    if (M.Variable) {
      M.Name = M.Variable->getName().str();
      M.Line = M.Variable->getLine();
    } else if (auto *A = dyn_cast<Argument>(&Storage)) {
      M.Name = A->hasStructRetAttr() ? "%sret"
                                     : "%arg" + std::to_string(A->getArgNo());
    } else {
      M.Name = slotName(cast<AllocaInst>(Storage));
    }
  }

  /// Temporaries of equal description are told apart by order; variables of
  /// equal name by scope, which patchgen sees.
  void makeNamesUnique() {
    StringMap<unsigned> Seen;
    for (Member &M : Result.Members)
      if (M.isTemporary())
        if (unsigned N = Seen[M.Name]++)
          M.Name += "#" + std::to_string(N);
  }

  void place() {
    uint64_t Offset = sizeof(struct upstare_frame);
    for (Member &M : Result.Members) {
      bool Pinned = M.Kind == MemberKind::Pinned;
      uint64_t Alignment =
          Pinned ? 8 : Layout.getABITypeAlign(M.ValueType).value();
      Offset =
          alignTo(Offset, std::min<uint64_t>(Alignment, UPSTARE_FRAME_ALIGN));
      M.Offset = Offset;
      Offset += Pinned ? 8 : Layout.getTypeAllocSize(M.ValueType);
    }
    Result.RecordSize = alignTo(Offset, UPSTARE_FRAME_ALIGN);
  }

  Function &F;
  const DataLayout &Layout;
  DenseMap<const Value *, const DILocalVariable *> Variables;
  FrameLayout Result;
};

} // namespace

FrameLayout layOutFrame(Function &F) { return LayoutBuilder(F).build(); }

} // namespace upstare
