//===- Setjmp.cpp - frames that longjmp comes back to -*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//     r = setjmp(b)
// →
//     store b, %us.env;  r = setjmp(b);  store stamp of *b, %us.stamp
//
// After an update the old frame is gone, and with it the place to which the
// jmp_buf leads. The rebuild clone therefore calls setjmp again, on the same
// jmp_buf, for every site armed so far, before it goes on down (see
// RebuildClones.cpp). Everything live behind a setjmp is live at every point,
// since a longjmp may go there from any of them.
//
// By the stamp the clone knows a jmp_buf that is this site's no more: armed
// since by another setjmp, or memory that was freed and must not be touched.
//
//===----------------------------------------------------------------------===//

#include "Setjmp.h"
#include "Demotion.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/CFG.h"
#include "llvm/IR/InstIterator.h"

using namespace llvm;

namespace upstare {

bool isSetjmp(const CallBase &Call) {
  const Function *F = Call.getCalledFunction();
  return F && isa<CallInst>(Call) && Call.arg_size() >= 1 &&
         Call.getType()->isIntegerTy(32) &&
         StringSwitch<bool>(F->getName())
             .Cases("setjmp", "_setjmp", "sigsetjmp", "__sigsetjmp", true)
             .Default(false);
}

/// The words in which two frames, or two places of one, differ, and those that
/// an allocator writes to first in freed memory (glibc's jmp_buf: rbx, rbp, …,
/// rsp, rip). Its padding and the signal mask are left alone. The words differ
/// in few bits: a small factor would let their differences cancel out.
Value *stampOf(IRBuilder<> &B, Value *Buffer) {
  constexpr uint64_t Factor = 0x9e3779b97f4a7c15;
  Value *Sum = nullptr;
  for (unsigned Word : {0, 1, 6, 7}) {
    Value *W = B.CreateAlignedLoad(
        B.getInt64Ty(),
        B.CreateConstInBoundsGEP1_64(B.getInt64Ty(), Buffer, Word), Align(8));
    Sum = Sum ? B.CreateAdd(B.CreateMul(Sum, B.getInt64(Factor)), W) : W;
  }
  return Sum;
}

SmallVector<SetjmpSite, 1> recordEnvironments(Function &F, FieldNames &Fields) {
  SmallVector<SetjmpSite, 1> Sites;
  if (!F.callsFunctionThatReturnsTwice())
    return Sites;
  for (Instruction &I : instructions(F))
    if (auto *Call = dyn_cast<CallInst>(&I); Call && isSetjmp(*Call))
      Sites.push_back({Call});
  TemporaryDescriber Names(variablesOf(F), Fields);
  BasicBlock &Entry = F.getEntryBlock();
  for (SetjmpSite &Site : Sites) {
    Value *Address = Site.Call->getArgOperand(0);
    std::string Of = Names.describe(*Address) + ")";
    Site.Buffer = dyn_cast<AllocaInst>(getUnderlyingObject(Address));
    IRBuilder<> B(&Entry, Entry.begin());
    Site.Environment = B.CreateAlloca(B.getPtrTy());
    markTemporary(*Site.Environment, (EnvironmentPrefix + Of).str());
    Site.Stamp = B.CreateAlloca(B.getInt64Ty());
    markTemporary(*Site.Stamp, (StampPrefix + Of).str());
    B.SetInsertPoint(&*Entry.getFirstNonPHIOrDbgOrAlloca());
    B.CreateStore(ConstantPointerNull::get(B.getPtrTy()), Site.Environment);
    B.CreateStore(B.getInt64(0), Site.Stamp);
    B.SetInsertPoint(Site.Call);
    B.CreateStore(Address, Site.Environment);
    B.SetInsertPoint(Site.Call->getNextNode());
    B.CreateStore(stampOf(B, Address), Site.Stamp);
  }
  return Sites;
}

BehindSetjmp::BehindSetjmp(const SetjmpSite &Site) : Site(Site) {
  SmallVector<const BasicBlock *> Work(successors(Site.Call->getParent()));
  while (!Work.empty()) {
    const BasicBlock *Block = Work.pop_back_val();
    if (Reached.insert(Block).second)
      append_range(Work, successors(Block));
  }
}

bool BehindSetjmp::contains(const Instruction &At) const {
  return Reached.contains(At.getParent()) ||
         (At.getParent() == Site.Call->getParent() &&
          Site.Call->comesBefore(&At));
}

} // namespace upstare
