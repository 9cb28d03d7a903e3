//===- StateBundles.h - calls carry the state of their frame -*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Attaches the state of the frame to each continuation call.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_PASSES_STATEBUNDLES_H
#define UPSTARE_PASSES_STATEBUNDLES_H

#include "Continuations.h"
#include "FrameLayout.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/IR/IRBuilder.h"

namespace upstare {

/// The state of one function's frames, between layout and rebuild clones.
struct FrameState {
  FrameLayout Layout;
  std::vector<llvm::BitVector> Recorded; // leaves, per point
};

/// Frame struct and liveness; fills Members and Live of the shape.
FrameState describeFrame(FunctionShape &Shape, const Options &Opts);

/// The inputs of the bundle of one point. StorageOf gives the storage of a
/// member (the member's own, or its counterpart in a clone); values are loaded
/// at B.
std::vector<llvm::Value *>
bundleInputs(llvm::IRBuilder<> &B, const FunctionShape &Shape,
             const FrameState &State, const Point &P,
             llvm::function_ref<llvm::Value *(const Member &)> StorageOf);

/// Replaces the calls at Shape's points by calls with bundles.
void attachBundles(FunctionShape &Shape, const FrameState &State);

/// Takes back what the front end promised of functions that may now unwind and
/// run other code: nounwind, memory effects, willreturn.
void relaxAttributes(llvm::Module &M, const UpdateReach &Reach);

} // namespace upstare

#endif // UPSTARE_PASSES_STATEBUNDLES_H
