//===- LoopHeads.cpp - loops without an update point -------------*- C++
//-*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// See LoopHeads.h.
//
//===----------------------------------------------------------------------===//

#include "LoopHeads.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace upstare {

static const char *const MarkerName = "upstare.loop_head";

void markLoopHead(Instruction *At, const DebugLoc &Where) {
  Module &M = *At->getModule();
  FunctionCallee Marker =
      M.getOrInsertFunction(MarkerName, Type::getVoidTy(M.getContext()));
  // Nothing that asks about callees may take it for work.
  auto *F = cast<Function>(Marker.getCallee());
  F->setDoesNotThrow();
  F->setDoesNotAccessMemory();
  F->setWillReturn();
  IRBuilder<> B(At);
  B.SetCurrentDebugLocation(Where);
  B.CreateCall(Marker);
}

static const char *const EntryKind = "upstare.loop_entry";

void markLoopEntry(CallInst &UpdatePoint) {
  UpdatePoint.setMetadata(EntryKind, MDNode::get(UpdatePoint.getContext(), {}));
}

const BasicBlock *loopEnteredBehind(const CallBase &Call) {
  if (!Call.hasMetadata(EntryKind))
    return nullptr;
  const BasicBlock *Rest = Call.getParent()->getSingleSuccessor();
  return Rest ? Rest->getSingleSuccessor() : nullptr;
}

bool isLoopHead(const Instruction &I) {
  auto *Call = dyn_cast<CallInst>(&I);
  const Function *F = Call ? Call->getCalledFunction() : nullptr;
  return F && F->getName() == MarkerName;
}

void removeLoopHeads(Module &M) {
  Function *Marker = M.getFunction(MarkerName);
  if (!Marker)
    return;
  for (User *U : make_early_inc_range(Marker->users()))
    cast<CallInst>(U)->eraseFromParent();
  Marker->eraseFromParent();
}

} // namespace upstare
