//===- RebuildClones.cpp - functions that begin in the middle -*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//     T f(args) { A: …; r = call g(x); B: … }
// →
//     T f.rebuild(ptr record) {
//       restore by-value members from the record into their allocas;
//       use pinned members at the recorded address (null: a fresh alloca);
//       switch (record->point) {
//       case 0: r = call record->next_rebuild(record->next_frame); goto B;
//       …
//     }
//
// A second function and not an entry into the hot one: entering a loop in the
// middle makes it irreducible, and the hot code would lose its loop
// optimisations. The clone carries bundles as well, so that the next update
// finds its frames. Not cold: the loop of a server's main goes on in the clone.
//
// A frame that has called setjmp arms the same jmp_bufs again before it goes
// on down, so that a longjmp finds the new frame (Setjmp.cpp).
//
// Lifetime markers of the frame's memory and stackrestores are dropped (the
// former would begin before the entry, the latter would bring an old stack
// pointer back).
//
//===----------------------------------------------------------------------===//

#include "RebuildClones.h"
#include "LabelJumps.h"
#include "Names.h"
#include "upstare/abi.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"
#include "llvm/Transforms/Utils/Cloning.h"
#include "llvm/Transforms/Utils/Local.h"

using namespace llvm;

namespace upstare {

namespace {
class CloneBuilder {
public:
  CloneBuilder(FunctionShape &Shape, const FrameState &State)
      : Shape(Shape), State(State), F(*Shape.F), C(F.getContext()) {}

  Function *build() {
    create();
    cloneBody();
    dropLifetimes();
    relaxTailCalls();
    restoreMembers();
    enterPoints();
    redirectLabelJumps(F, *Clone, Map);
    removeUnreachableBlocks(*Clone);
    if (Shape.NoRebuild.empty())
      checkVarArgs();
    if (Shape.NoRebuild.empty())
      return Clone;
    Clone->eraseFromParent();
    return nullptr;
  }

private:
  void create() {
    std::string Name;
    raw_string_ostream(Name)
        << RebuildPrefix << format_hex_no_prefix(Shape.Key, 16);
    Clone =
        Function::Create(FunctionType::get(F.getReturnType(),
                                           {PointerType::getUnqual(C)}, false),
                         GlobalValue::ExternalLinkage, Name, F.getParent());
    Entry = BasicBlock::Create(C, "us.rebuild", Clone);
  }

  Value *recordAt(IRBuilder<> &B, uint64_t Offset) {
    return B.CreateConstInBoundsGEP1_64(B.getInt8Ty(), Clone->getArg(0),
                                        Offset);
  }

  void cloneBody() {
    IRBuilder<> B(Entry);
    for (Argument &A : F.args())
      Map[&A] = PoisonValue::get(A.getType());
    for (const Member &M : Shape.Members)
      if (auto *A = dyn_cast<Argument>(M.Storage))
        Map[A] = B.CreateAlignedLoad(A->getType(), recordAt(B, M.Offset),
                                     commonAlignment(Align(16), M.Offset));
    SmallVector<ReturnInst *, 8> Returns;
    CloneFunctionInto(Clone, &F, Map, CloneFunctionChangeType::LocalChangesOnly,
                      Returns);
    Clone->setComdat(nullptr);
    Clone->setCallingConv(CallingConv::C);
    Clone->setVisibility(GlobalValue::HiddenVisibility);
    Clone->setDSOLocal(true);
    for (auto Kind : {Attribute::AlwaysInline, Attribute::InlineHint,
                      Attribute::AllocSize, Attribute::AllocKind})
      Clone->removeFnAttr(Kind);
    Clone->removeFnAttr("alloc-family");
    Clone->addFnAttr(Attribute::NoInline);
    auto *OldEntry = cast<BasicBlock>(Map.lookup(&F.getEntryBlock()));
    for (Instruction &I : make_early_inc_range(*OldEntry))
      // isStaticAlloca() would ask whether the block is the entry, still.
      if (auto *A = dyn_cast<AllocaInst>(&I);
          A && isa<ConstantInt>(A->getArraySize())) {
        A->dropDbgRecords();
        A->moveBefore(*Entry, Entry->begin());
      }
  }

  void dropLifetimes() {
    for (Instruction &I : make_early_inc_range(instructions(Clone))) {
      auto *Intrinsic = dyn_cast<IntrinsicInst>(&I);
      if (Intrinsic && (Intrinsic->isLifetimeStartOrEnd() ||
                        Intrinsic->getIntrinsicID() == Intrinsic::stackrestore))
        I.eraseFromParent();
    }
  }

  /// A musttail call needs a caller with the callee's parameters. As an
  /// ordinary call it leaves a frame with nothing left to do.
  void relaxTailCalls() {
    for (Instruction &I : instructions(Clone))
      if (auto *Call = dyn_cast<CallInst>(&I); Call && Call->isMustTailCall())
        Call->setTailCallKind(CallInst::TCK_Tail);
  }

  void restoreMembers() {
    IRBuilder<> B(Entry);
    for (const Member &M : Shape.Members) {
      if (isa<Argument>(M.Storage)) {
        Storage[M.Storage] = Map.lookup(M.Storage);
        continue;
      }
      auto *A = cast<AllocaInst>(Map.lookup(M.Storage));
      Storage[M.Storage] = A;
      if (M.Kind != MemberKind::Pinned)
        continue;
      Value *Recorded = B.CreateLoad(B.getPtrTy(), recordAt(B, M.Offset));
      Value *Address = B.CreateSelect(B.CreateIsNull(Recorded), A, Recorded);
      A->replaceUsesWithIf(Address, [&](Use &U) {
        return cast<Instruction>(U.getUser())->getParent() != Entry;
      });
      Storage[M.Storage] = Address;
    }
    for (const Leaf &L : State.Layout.Leaves) {
      const Member &M = Shape.Members[L.Member];
      if (isa<Argument>(M.Storage))
        continue;
      uint64_t Offset = M.Offset + L.Offset;
      Value *V = B.CreateAlignedLoad(L.Ty, recordAt(B, Offset),
                                     commonAlignment(Align(16), Offset));
      Value *To = Storage.lookup(M.Storage);
      auto Alignment =
          commonAlignment(cast<AllocaInst>(To)->getAlign(), L.Offset);
      if (L.Offset)
        To = B.CreateConstInBoundsGEP1_64(B.getInt8Ty(), To, L.Offset);
      B.CreateAlignedStore(V, To, Alignment);
    }
  }

  void enterPoints() {
    IRBuilder<> B(Entry);
    Value *Number = B.CreateLoad(
        B.getInt32Ty(), recordAt(B, offsetof(struct upstare_frame, point)));
    BasicBlock *Bad = BasicBlock::Create(C, "us.bad", Clone);
    IRBuilder<> BadBuilder(Bad);
    BadBuilder.CreateIntrinsic(Intrinsic::trap, {}, {});
    BadBuilder.CreateUnreachable();
    SwitchInst *Switch = B.CreateSwitch(Number, Bad, Shape.Points.size());
    // Not looked up later: the map follows replaced results.
    SmallVector<CallBase *> Calls;
    for (const Point &P : Shape.Points)
      Calls.push_back(cast<CallBase>(Map.lookup(P.Call)));
    splitAtSetjmps();
    for (const Point &P : Shape.Points) {
      CallBase *Call = Calls[P.Number];
      BasicBlock *Block = BasicBlock::Create(C, "us.enter", Clone);
      Switch->addCase(B.getInt32(P.Number), Block);
      if (auto *Invoke = dyn_cast<InvokeInst>(Call))
        enterInvoke(P, *Invoke, Block);
      else
        enterCall(P, *cast<CallInst>(Call), Block);
      if (!Shape.NoRebuild.empty())
        return;
    }
    // Bundles last: all blocks and calls are in place.
    for (const Point &P : Shape.Points)
      if (!P.TailPosition && P.canBeLeft())
        addBundle(P, *Calls[P.Number]);
    for (auto &[P, Call] : Resumed)
      addBundle(*P, *Call);
  }

  /// The callee and its argument, loaded from the record.
  std::pair<FunctionCallee, Value *> next(IRBuilder<> &B, Type *Result) {
    Value *Callee =
        B.CreateLoad(B.getPtrTy(),
                     recordAt(B, offsetof(struct upstare_frame, next_rebuild)));
    Value *Frame = B.CreateLoad(
        B.getPtrTy(), recordAt(B, offsetof(struct upstare_frame, next_frame)));
    return {FunctionCallee(FunctionType::get(Result, {B.getPtrTy()}, false),
                           Callee),
            Frame};
  }

  void finishCall(const Point &P, CallBase &Call, CallBase &Resume) {
    Resume.setAttributes(AttributeList::get(
        C, AttributeSet(), Call.getAttributes().getRetAttrs(), {}));
    Resume.setDebugLoc(Call.getDebugLoc());
    Resumed.emplace_back(&P, &Resume);
  }

  static void mergeResult(CallBase &Call, BasicBlock *CallBlock, Value *Resume,
                          BasicBlock *ResumeBlock, BasicBlock *Rest) {
    if (Call.use_empty())
      return;
    PHINode *Phi = PHINode::Create(Call.getType(), 2, "", Rest->begin());
    Call.replaceAllUsesWith(Phi);
    Phi->addIncoming(&Call, CallBlock);
    Phi->addIncoming(Resume, ResumeBlock);
  }

  //===--- setjmp ---------------------------------------------------------===//

  /// Where a longjmp to one site goes on.
  struct Landing {
    const SetjmpSite *Site;
    BasicBlock *Rest;
    PHINode *Result; // null if unused
    DebugLoc Where;
  };

  void splitAtSetjmps() {
    for (const SetjmpSite &Site : Shape.Setjmps) {
      auto *Call = cast<CallInst>(Map.lookup(Site.Call));
      BasicBlock *Head = Call->getParent();
      Landing L = {&Site, SplitBlock(Head, std::next(Call->getIterator())),
                   nullptr, Call->getDebugLoc()};
      if (!Call->use_empty()) {
        L.Result = PHINode::Create(Call->getType(), 2, "", L.Rest->begin());
        Call->replaceAllUsesWith(L.Result);
        L.Result->addIncoming(Call, Head);
      }
      Landings.push_back(L);
    }
  }

  bool mayBeArmedAt(const SetjmpSite &Site, const Point &P) const {
    return any_of(P.Live.set_bits(), [&](unsigned I) {
      return Shape.Members[I].Storage == Site.Environment;
    });
  }

  /// Arms again what was armed and still is. _setjmp saves no signal mask, and
  /// says so in the jmp_buf (behind eight registers): what the program's own
  /// setjmp has saved there is kept.
  BasicBlock *armSetjmps(const Point &P, BasicBlock *Block) {
    constexpr unsigned MaskWasSaved = 64;
    for (Landing &L : Landings) {
      if (!mayBeArmedAt(*L.Site, P))
        continue;
      BasicBlock *Look = BasicBlock::Create(C, "us.look", Clone);
      BasicBlock *Arm = BasicBlock::Create(C, "us.arm", Clone);
      BasicBlock *Armed = BasicBlock::Create(C, "us.armed", Clone);
      BasicBlock *Jumped = BasicBlock::Create(C, "us.jumped", Clone);
      BasicBlock *Next = BasicBlock::Create(C, "us.enter", Clone);
      IRBuilder<> B(Block);
      B.SetCurrentDebugLocation(L.Where);
      Value *Buffer =
          B.CreateLoad(B.getPtrTy(), Storage.lookup(L.Site->Environment));
      B.CreateCondBr(B.CreateIsNull(Buffer), Next, Look);
      B.SetInsertPoint(Look);
      Value *Stamp = Storage.lookup(L.Site->Stamp);
      Value *Expected = B.CreateLoad(B.getInt64Ty(), Stamp);
      // Without a stamp: an override file wants it armed.
      B.CreateCondBr(B.CreateOr(B.CreateICmpEQ(Expected, B.getInt64(0)),
                                B.CreateICmpEQ(stampOf(B, Buffer), Expected)),
                     Arm, Next);
      B.SetInsertPoint(Arm);
      Value *Flag =
          B.CreateConstInBoundsGEP1_64(B.getInt8Ty(), Buffer, MaskWasSaved);
      Value *Saved = B.CreateLoad(B.getInt32Ty(), Flag, /*isVolatile=*/true);
      FunctionCallee Setjmp = F.getParent()->getOrInsertFunction(
          "_setjmp", B.getInt32Ty(), B.getPtrTy());
      CallInst *Result = B.CreateCall(Setjmp, Buffer);
      Result->addFnAttr(Attribute::ReturnsTwice);
      cast<Function>(Setjmp.getCallee())->addFnAttr(Attribute::ReturnsTwice);
      B.CreateCondBr(B.CreateIsNull(Result), Armed, Jumped);
      B.SetInsertPoint(Armed);
      B.CreateStore(Saved, Flag, /*isVolatile=*/true);
      B.CreateStore(stampOf(B, Buffer), Stamp);
      B.CreateBr(Next);
      B.SetInsertPoint(Jumped);
      B.CreateBr(L.Rest);
      if (L.Result)
        L.Result->addIncoming(Result, Jumped);
      Block = Next;
    }
    return Block;
  }

  void enterCall(const Point &P, CallInst &Call, BasicBlock *Block) {
    BasicBlock *Rest =
        SplitBlock(Call.getParent(), std::next(Call.getIterator()));
    Block = armSetjmps(P, Block);
    IRBuilder<> B(Block);
    auto [Callee, Frame] = next(B, Call.getType());
    CallInst *Resume = B.CreateCall(Callee, Frame);
    finishCall(P, Call, *Resume);
    B.CreateBr(Rest);
    mergeResult(Call, Call.getParent(), Resume, Block, Rest);
  }

  void enterInvoke(const Point &P, InvokeInst &Invoke, BasicBlock *Block) {
    BasicBlock *Unwind = Invoke.getUnwindDest();
    if (isa<PHINode>(Unwind->front())) {
      Shape.NoRebuild = "a landing pad depends on the call that it belongs to";
      return;
    }
    BasicBlock *Normal = Invoke.getNormalDest();
    BasicBlock *Rest = BasicBlock::Create(C, "us.rest", Clone, Normal);
    IRBuilder<>(Rest).CreateBr(Normal);
    Invoke.setNormalDest(Rest);
    for (PHINode &Phi : Normal->phis())
      Phi.replaceIncomingBlockWith(Invoke.getParent(), Rest);
    Block = armSetjmps(P, Block);
    IRBuilder<> B(Block);
    auto [Callee, Frame] = next(B, Invoke.getType());
    InvokeInst *Resume = B.CreateInvoke(Callee, Rest, Unwind, Frame);
    finishCall(P, Invoke, *Resume);
    mergeResult(Invoke, Invoke.getParent(), Resume, Block, Rest);
  }

  void addBundle(const Point &P, CallBase &Call) {
    IRBuilder<> B(&Call);
    auto Inputs = bundleInputs(B, Shape, State, P, [&](const Member &M) {
      return Storage.lookup(M.Storage);
    });
    Call.removeFnAttr(Attribute::NoUnwind);
    CallBase *New = CallBase::addOperandBundle(
        &Call, LLVMContext::OB_deopt, OperandBundleDef("deopt", Inputs),
        Call.getIterator());
    New->copyMetadata(Call);
    Call.replaceAllUsesWith(New);
    Call.eraseFromParent();
  }

  /// The clone is not variadic: va_start must not run in it.
  void checkVarArgs() {
    for (Instruction &I : instructions(Clone))
      if (auto *Intrinsic = dyn_cast<IntrinsicInst>(&I);
          Intrinsic && Intrinsic->getIntrinsicID() == Intrinsic::vastart)
        Shape.NoRebuild = "it calls va_start after a continuation point";
  }

  FunctionShape &Shape;
  const FrameState &State;
  Function &F;
  LLVMContext &C;
  Function *Clone = nullptr;
  BasicBlock *Entry = nullptr;
  ValueToValueMapTy Map;
  DenseMap<const Value *, Value *> Storage;
  SmallVector<std::pair<const Point *, CallBase *>> Resumed;
  SmallVector<Landing, 1> Landings;
};
} // namespace

void makeRebuildClone(FunctionShape &Shape, const FrameState &State) {
  if (!Shape.Points.empty() && Shape.NoRebuild.empty())
    Shape.Rebuild = CloneBuilder(Shape, State).build();
}

} // namespace upstare
