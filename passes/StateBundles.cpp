//===- StateBundles.cpp - calls carry the state of their frame -*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//     r = call f(x)   →   r = call f(x) [ "deopt"(i64 key, i32 point,
//                             i32 record size, i32 n, i32 offset, value, …) ]
//
// LLVM knows what a deopt bundle means: the call may read the state, addresses
// in it are not captured, and when the call is inlined, the bundles of the
// inlined calls are preceded by the caller's. So the optimiser works on almost
// untouched code, and an inlined call carries the frames of both functions.
// Landing pads from the start instead cost the inliner a third of its sites
// (each pad weighs 45-60 units of 225).
//
//===----------------------------------------------------------------------===//

#include "StateBundles.h"
#include "Liveness.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace upstare {

FrameState describeFrame(FunctionShape &Shape, const Options &Opts) {
  FrameState State;
  State.Layout = layOutFrame(*Shape.F);
  State.Recorded = computeLiveness(*Shape.F, State.Layout, Shape.Points,
                                   Shape.Setjmps, Opts);
  Shape.Members = State.Layout.Members;
  Shape.RecordSize = State.Layout.RecordSize;
  // A frame that owns live memory has something left to do: keep the memory.
  for (Point &P : Shape.Points)
    for (unsigned I : P.Live.set_bits())
      if (Shape.Members[I].Kind == MemberKind::Pinned)
        P.TailPosition = false;
  return State;
}

std::vector<Value *>
bundleInputs(IRBuilder<> &B, const FunctionShape &Shape,
             const FrameState &State, const Point &P,
             function_ref<Value *(const Member &)> StorageOf) {
  std::vector<Value *> State_;
  auto Add = [&](uint64_t Offset, Value *V) {
    State_.push_back(B.getInt32(Offset));
    State_.push_back(V);
  };
  for (unsigned I : P.Live.set_bits())
    if (Shape.Members[I].Kind == MemberKind::Pinned)
      Add(Shape.Members[I].Offset, StorageOf(Shape.Members[I]));
  for (unsigned L : State.Recorded[P.Number].set_bits()) {
    const Leaf &Piece = State.Layout.Leaves[L];
    const Member &M = Shape.Members[Piece.Member];
    Value *Storage = StorageOf(M);
    if (!isa<Argument>(M.Storage)) {
      if (Piece.Offset)
        Storage =
            B.CreateConstInBoundsGEP1_64(B.getInt8Ty(), Storage, Piece.Offset);
      Align Alignment = commonAlignment(cast<AllocaInst>(M.Storage)->getAlign(),
                                        Piece.Offset);
      Storage = B.CreateAlignedLoad(Piece.Ty, Storage, Alignment);
    }
    Add(M.Offset + Piece.Offset, Storage);
  }
  std::vector<Value *> Inputs = {B.getInt64(Shape.Key), B.getInt32(P.Number),
                                 B.getInt32(Shape.RecordSize),
                                 B.getInt32(State_.size() / 2)};
  append_range(Inputs, State_);
  return Inputs;
}

/// Whether Storage or a part of it is passed to a call or copied.
static bool mayBeCopy(const Value &Storage) {
  auto *A = dyn_cast<Argument>(&Storage); // a copy as soon as it is inlined
  return (A && A->hasByValAttr()) || any_of(Storage.users(), [](const User *U) {
           if (isa<GetElementPtrInst>(U))
             return mayBeCopy(*U);
           auto *Call = dyn_cast<CallBase>(U);
           return Call && !Call->isLifetimeStartOrEnd() &&
                  !isa<DbgInfoIntrinsic>(Call);
         });
}

/// The address of a member as hot code records it. An object that is filled by
/// a copy and then only read, perhaps both by functions that are inlined, may
/// be replaced by the constant that it is a copy of, the recorded address with
/// it (a bundle only reads too). After an update the object is written again;
/// so the address goes through an intrinsic that hides this from the optimiser
/// and costs no instruction.
static Value *recordedStorage(IRBuilder<> &B, const Member &M) {
  return M.Kind == MemberKind::Pinned && mayBeCopy(*M.Storage)
             ? B.CreateLaunderInvariantGroup(M.Storage)
             : M.Storage;
}

void attachBundles(FunctionShape &Shape, const FrameState &State) {
  for (Point &P : Shape.Points) {
    CallBase *Call = P.Call;
    if (!P.canBeLeft()) {
      P.Call = nullptr;
      continue;
    }
    Call->removeFnAttr(Attribute::NoUnwind);
    // In tail position there is no state, but an empty bundle: should the call
    // be inlined with the function, the inliner adds the caller's state to it.
    IRBuilder<> B(Call);
    std::vector<Value *> Inputs;
    if (!P.TailPosition)
      Inputs = bundleInputs(B, Shape, State, P, [&](const Member &M) {
        return recordedStorage(B, M);
      });
    CallBase *New = CallBase::addOperandBundle(
        Call, LLVMContext::OB_deopt, OperandBundleDef("deopt", Inputs),
        Call->getIterator());
    New->copyMetadata(*Call);
    New->takeName(Call);
    Call->replaceAllUsesWith(New);
    Call->eraseFromParent();
    P.Call = New;
  }
}

static void relax(Function &F) {
  F.removeFnAttr(Attribute::NoUnwind);
  F.removeFnAttr(Attribute::Memory);
  F.removeFnAttr(Attribute::WillReturn);
}

void relaxAttributes(Module &M, const UpdateReach &Reach) {
  for (Function &F : M) {
    if (F.isDeclaration())
      continue;
    if (Reach.mayUpdate(F)) {
      relax(F);
      F.setUWTableKind(UWTableKind::Default);
    }
    for (Instruction &I : instructions(F)) {
      auto *Call = dyn_cast<CallBase>(&I);
      if (!Call || !Reach.mayUpdate(*Call))
        continue;
      Call->removeFnAttr(Attribute::NoUnwind);
      Call->removeFnAttr(Attribute::Memory);
      Call->removeFnAttr(Attribute::WillReturn);
      if (Function *Callee = Call->getCalledFunction();
          Callee && Callee->isDeclaration())
        relax(*Callee);
    }
  }
}

} // namespace upstare
