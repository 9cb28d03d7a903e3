//===- Setjmp.cpp - frames that longjmp comes back to -*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//     r = setjmp(b)      →      store b, %us.env;  r = setjmp(b)
//
// After an update the old frame is gone, and with it the place to which the
// jmp_buf leads. The rebuild clone therefore calls setjmp again, on the same
// jmp_buf, for every site armed so far, before it goes on down (see
// RebuildClones.cpp). Everything live behind a setjmp is live at every point,
// since a longjmp may go there from any of them.
//
//===----------------------------------------------------------------------===//

#include "Setjmp.h"
#include "Demotion.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"

using namespace llvm;

namespace upstare {

static const char *const EnvironmentName = "%setjmp";

bool isSetjmp(const CallBase &Call) {
  const Function *F = Call.getCalledFunction();
  return F && isa<CallInst>(Call) && Call.arg_size() >= 1 &&
         Call.getType()->isIntegerTy(32) &&
         StringSwitch<bool>(F->getName())
             .Cases("setjmp", "_setjmp", "sigsetjmp", "__sigsetjmp", true)
             .Default(false);
}

SmallVector<SetjmpSite, 1> recordEnvironments(Function &F) {
  SmallVector<SetjmpSite, 1> Sites;
  if (!F.callsFunctionThatReturnsTwice())
    return Sites;
  for (Instruction &I : instructions(F))
    if (auto *Call = dyn_cast<CallInst>(&I); Call && isSetjmp(*Call))
      Sites.push_back({Call, nullptr, nullptr});
  BasicBlock &Entry = F.getEntryBlock();
  for (SetjmpSite &Site : Sites) {
    Value *Address = Site.Call->getArgOperand(0);
    Site.Buffer = dyn_cast<AllocaInst>(getUnderlyingObject(Address));
    IRBuilder<> B(&Entry, Entry.begin());
    Site.Environment = B.CreateAlloca(B.getPtrTy());
    markTemporary(*Site.Environment, EnvironmentName);
    B.SetInsertPoint(&*Entry.getFirstNonPHIOrDbgOrAlloca());
    B.CreateStore(ConstantPointerNull::get(B.getPtrTy()), Site.Environment);
    B.SetInsertPoint(Site.Call);
    B.CreateStore(Address, Site.Environment);
  }
  return Sites;
}

bool isEnvironment(const AllocaInst &A) {
  return temporaryName(A) == EnvironmentName;
}

} // namespace upstare
