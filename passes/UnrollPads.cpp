//===- UnrollPads.cpp - bundles become landing pads -*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//     call f() ["deopt"(k, p, size, 1, o, v)]
// →
//     invoke f() to next unwind pad
//   pad:
//     lp = landingpad cleanup
//     br (lp.0 == @upstare_exception), record, other
//   record:                                  // cold, moved out of the hot text
//     c = load @upstare_cursor
//     store k, c; store p, c+8; store size, c+12; store v, c+o
//     call upstare_unwind_resume(lp.0, size)
//     unreachable
//   other:
//     resume lp                              // somebody else's exception
//
// An empty bundle belongs to a call in tail position that was not inlined into
// another frame: it is left, or made again, a call that may become a jump.
//
// A bundle with the frames of inlined functions lists the caller first; records
// are written innermost first. Nothing is live across a call in the pad, so it
// needs no callee-saved register (which would show as a push in the prologue).
// A call to push each record was rejected for that reason.
//
// An invoke with a landing pad of its own (C++) is entered through the same
// test, so that neither destructors nor handlers run for an update. The call of
// upstare_unwind_resume may itself unwind: when the linker inlines a function
// with pads, it becomes an invoke to the caller's pad, as it must.
//
//===----------------------------------------------------------------------===//

#include "UnrollPads.h"
#include "Abi.h"
#include "Diagnostics.h"
#include "llvm/Analysis/CaptureTracking.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/BinaryFormat/Dwarf.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/MDBuilder.h"
#include "llvm/Support/PrettyStackTrace.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"
#include "llvm/Transforms/Utils/Local.h"

using namespace llvm;

namespace upstare {

namespace {

/// One frame in a bundle.
struct FrameInputs {
  Value *Key, *Point;
  uint64_t Size;
  SmallVector<std::pair<uint64_t, Value *>> Values;
};

/// Splits the inputs into frames, innermost first.
SmallVector<FrameInputs, 2> parseBundle(ArrayRef<Use> Inputs) {
  auto Number = [&](unsigned I) {
    return cast<ConstantInt>(Inputs[I])->getZExtValue();
  };
  SmallVector<FrameInputs, 2> Frames;
  for (unsigned I = 0; I + 4 <= Inputs.size();) {
    FrameInputs Frame = {Inputs[I], Inputs[I + 1], Number(I + 2), {}};
    uint64_t Count = Number(I + 3);
    I += 4;
    for (; Count--; I += 2)
      if (!isa<UndefValue>(Inputs[I + 1]))
        Frame.Values.emplace_back(Number(I), Inputs[I + 1]);
    Frames.push_back(std::move(Frame));
  }
  std::reverse(Frames.begin(), Frames.end());
  return Frames;
}

class PadLowering {
public:
  explicit PadLowering(Module &M) : M(M), C(M.getContext()) {}

  PadStatistics run() {
    for (Function &F : M) {
      PrettyStackTraceFormat Trace("UpStare: landing pads of '%s'",
                                   F.getName().str().c_str());
      SmallVector<CallBase *> Calls;
      for (Instruction &I : instructions(F))
        if (auto *Call = dyn_cast<CallBase>(&I))
          if (Call->getOperandBundle(LLVMContext::OB_deopt))
            Calls.push_back(Call);
      for (CallBase *Call : Calls)
        lower(*Call);
    }
    callEntry();
    return Statistics;
  }

private:
  void callEntry() {
    Function *Target = M.getFunction(nameOf(Callee::UpdatePoint));
    if (!Target)
      return;
    SmallVector<CallBase *> Calls;
    for (User *U : Target->users())
      if (auto *Call = dyn_cast<CallBase>(U); Call && isUpdatePoint(*Call))
        Calls.push_back(Call);
    for (CallBase *Call : Calls)
      Call->setCalledFunction(updatePointEntry(M));
  }

  void lower(CallBase &Call) {
    auto Frames =
        parseBundle(Call.getOperandBundle(LLVMContext::OB_deopt)->Inputs);
    // The record uses the bundle's values in the pad; take the bundle off.
    CallBase *Plain = CallBase::removeOperandBundle(
        &Call, LLVMContext::OB_deopt, Call.getIterator());
    Plain->copyMetadata(Call);
    Plain->takeName(&Call);
    Call.replaceAllUsesWith(Plain);
    Call.eraseFromParent();
    if (Frames.empty())
      restoreTailCall(*Plain);
    if (Plain->doesNotThrow() || Frames.empty()) {
      ++Statistics.Dropped;
      return;
    }
    ++Statistics.Pads;
    Statistics.Frames += Frames.size();
    if (auto *Invoke = dyn_cast<InvokeInst>(Plain))
      enterExistingPad(*Invoke, Frames);
    else
      addPad(*cast<CallInst>(Plain), Frames);
  }

  /// The bundle has kept the optimiser from marking the call: it may become a
  /// jump if no memory of the frame can be seen by the callee.
  static void restoreTailCall(CallBase &Call) {
    auto *Plain = dyn_cast<CallInst>(&Call);
    if (!Plain || Plain->getTailCallKind() != CallInst::TCK_None ||
        Plain->hasByValArgument())
      return;
    for (Instruction &I : instructions(*Call.getFunction()))
      if (isa<AllocaInst>(I) && PointerMayBeCaptured(&I, false, true))
        return;
    if (none_of(Call.args(), [](Value *Argument) {
          return isa<AllocaInst>(getUnderlyingObject(Argument));
        }))
      Plain->setTailCall();
  }

  Constant *personality() {
    bool Cxx = false;
    for (const DICompileUnit *Unit : M.debug_compile_units())
      Cxx |= dwarf::isCPlusPlus(
          static_cast<dwarf::SourceLanguage>(Unit->getSourceLanguage()));
    return cast<Constant>(
        M.getOrInsertFunction(Cxx ? "__gxx_personality_v0"
                                  : "__gcc_personality_v0",
                              FunctionType::get(Type::getInt32Ty(C), true))
            .getCallee());
  }

  void addPad(CallInst &Call, ArrayRef<FrameInputs> Frames) {
    Function *F = Call.getFunction();
    if (!F->hasPersonalityFn())
      F->setPersonalityFn(personality());
    Call.setTailCallKind(CallInst::TCK_None);
    DebugLoc Where = Call.getDebugLoc();
    BasicBlock *Pad = BasicBlock::Create(C, "us.pad", F);
    IRBuilder<> B(Pad);
    B.SetCurrentDebugLocation(Where);
    StructType *PadType =
        StructType::get(C, {PointerType::getUnqual(C), B.getInt32Ty()});
    LandingPadInst *Landing = B.CreateLandingPad(PadType, 0);
    Landing->setCleanup(true);
    BasicBlock *Other = BasicBlock::Create(C, "us.other", F);
    IRBuilder<> OtherBuilder(Other);
    OtherBuilder.SetCurrentDebugLocation(Where);
    OtherBuilder.CreateResume(Landing);
    testException(B, *Landing, Frames, Call, Other);
    changeToInvokeAndSplitBasicBlock(&Call, Pad);
  }

  void enterExistingPad(InvokeInst &Invoke, ArrayRef<FrameInputs> Frames) {
    BasicBlock *Dest = Invoke.getUnwindDest();
    if (!isa<LandingPadInst>(Dest->getFirstNonPHI()))
      return;
    if (!Dest->getUniquePredecessor()) {
      SmallVector<BasicBlock *, 2> Blocks;
      SplitLandingPadPredecessors(Dest, {Invoke.getParent()}, ".us", ".rest",
                                  Blocks);
      Dest = Invoke.getUnwindDest();
    }
    auto *Landing = cast<LandingPadInst>(Dest->getFirstNonPHI());
    Landing->setCleanup(true);
    BasicBlock *Body = SplitBlock(Dest, std::next(Landing->getIterator()));
    Instruction *Jump = Dest->getTerminator();
    IRBuilder<> B(Jump);
    B.SetCurrentDebugLocation(Invoke.getDebugLoc());
    testException(B, *Landing, Frames, Invoke, Body);
    Jump->eraseFromParent();
  }

  /// Ends the block at B: records the frames if the exception is the update's.
  void testException(IRBuilder<> &B, LandingPadInst &Landing,
                     ArrayRef<FrameInputs> Frames, const CallBase &Call,
                     BasicBlock *Other) {
    Value *Exception = B.CreateExtractValue(&Landing, 0);
    Value *Ours = B.CreateLoad(B.getPtrTy(), B.CreateThreadLocalAddress(declare(
                                                 M, ThreadLocal::Exception)));
    BasicBlock *Record =
        BasicBlock::Create(C, "us.record", Landing.getFunction());
    B.CreateCondBr(B.CreateICmpEQ(Exception, Ours), Record, Other);
    IRBuilder<> RecordBuilder(Record);
    RecordBuilder.SetCurrentDebugLocation(B.getCurrentDebugLocation());
    writeRecords(RecordBuilder, Exception, Frames, Call);
  }

  /// Moves what makes a recorded value from in front of the call into the pad,
  /// if nothing else needs it: a load from a variable that no one else can
  /// write to, an address. Without optimisation each would have a stack slot
  /// for itself.
  static void sinkInto(Instruction &Before, Value *V, const CallBase &Call) {
    auto *I = dyn_cast<Instruction>(V);
    if (!I || !I->hasOneUse() || I->getParent() != Call.getParent())
      return;
    auto *Load = dyn_cast<LoadInst>(I);
    if (Load ? !isUndisturbed(*Load, Call)
             : !isa<GetElementPtrInst>(I) && !isLaunder(*I))
      return;
    I->moveBefore(&Before);
    for (Value *Operand : I->operands())
      sinkInto(*I, Operand, Call);
  }

  static bool isLaunder(const Instruction &I) {
    auto *Intrinsic = dyn_cast<IntrinsicInst>(&I);
    return Intrinsic &&
           Intrinsic->getIntrinsicID() == Intrinsic::launder_invariant_group;
  }

  /// Whether Load would give the same value behind the call.
  static bool isUndisturbed(const LoadInst &Load, const CallBase &Call) {
    auto *A =
        dyn_cast<AllocaInst>(getUnderlyingObject(Load.getPointerOperand()));
    if (!A || !Load.isSimple() || PointerMayBeCaptured(A, false, true))
      return false;
    for (const Instruction *I = Load.getNextNode(); I != &Call;
         I = I->getNextNode())
      if (!I || (I->mayWriteToMemory() && !isLaunder(*I)))
        return false;
    return none_of(Call.args(), [&](const Value *Argument) {
      return getUnderlyingObject(Argument) == A;
    });
  }

  void writeRecords(IRBuilder<> &B, Value *Exception,
                    ArrayRef<FrameInputs> Frames, const CallBase &Call) {
    Value *Cursor = B.CreateLoad(
        B.getPtrTy(),
        B.CreateThreadLocalAddress(declare(M, ThreadLocal::Cursor)));
    uint64_t Base = 0;
    auto Store = [&](Value *V, uint64_t Offset) {
      Value *Where =
          B.CreateConstInBoundsGEP1_64(B.getInt8Ty(), Cursor, Base + Offset);
      StoreInst *Write = B.CreateAlignedStore(
          V, Where, commonAlignment(Align(UPSTARE_FRAME_ALIGN), Offset));
      sinkInto(*Write, V, Call);
    };
    for (const FrameInputs &Frame : Frames) {
      Store(Frame.Key, offsetof(struct upstare_frame, function));
      Store(Frame.Point, offsetof(struct upstare_frame, point));
      Store(B.getInt32(Frame.Size), offsetof(struct upstare_frame, size));
      for (const auto &[Offset, V] : Frame.Values)
        Store(V, Offset);
      Base += Frame.Size;
    }
    if (Base > UPSTARE_MAX_PAD_BYTES)
      error(M, "frames at one call of '" +
                   B.GetInsertBlock()->getParent()->getName() + "' need " +
                   Twine(Base) +
                   " bytes of records, more than the runtime reserves; mark "
                   "one of the functions inlined there noinline");
    B.CreateCall(declare(M, Callee::UnwindResume),
                 {Exception, B.getInt64(Base)});
    B.CreateUnreachable();
  }

  Module &M;
  LLVMContext &C;
  PadStatistics Statistics;
};

} // namespace

PadStatistics lowerBundles(Module &M) { return PadLowering(M).run(); }

} // namespace upstare
