//===- VarArgs.cpp - variadic functions that are entered in the middle -*- C++
//-*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// See VarArgs.h.
//
//===----------------------------------------------------------------------===//

#include "VarArgs.h"
#include "Demotion.h"
#include "llvm/Analysis/CFG.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace upstare {

void keepArgumentList(Function &F, ArrayRef<Point> Points) {
  if (!F.isVarArg())
    return;
  SmallVector<VAStartInst *, 2> Starts;
  for (Instruction &I : instructions(F))
    if (auto *Start = dyn_cast<VAStartInst>(&I))
      Starts.push_back(Start);
  bool StartsLater = any_of(Starts, [&](const VAStartInst *Start) {
    return any_of(Points, [&](const Point &P) {
      return isPotentiallyReachable(P.Call, Start);
    });
  });
  if (!StartsLater)
    return;
  constexpr uint64_t ListBytes = 24; // struct __va_list_tag of x86-64
  BasicBlock &Entry = F.getEntryBlock();
  IRBuilder<> B(&Entry, Entry.begin());
  AllocaInst *List = B.CreateAlloca(ArrayType::get(B.getInt8Ty(), ListBytes));
  List->setAlignment(Align(16));
  markTemporary(*List, "%va_list");
  B.SetInsertPoint(&*Entry.getFirstNonPHIOrDbgOrAlloca());
  B.CreateIntrinsic(Intrinsic::vastart, {B.getPtrTy()}, {List});
  for (VAStartInst *Start : Starts) {
    B.SetInsertPoint(Start);
    B.CreateIntrinsic(Intrinsic::vacopy, {B.getPtrTy()},
                      {Start->getArgList(), List});
    Start->eraseFromParent();
  }
}

} // namespace upstare
