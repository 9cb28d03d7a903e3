//===- LoopHeads.h - loops without an update point ---------------*- C++
//-*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A loop that needs no poll in one version may have one in the version before:
// it makes a blocking call now, or its body has become simple enough to count.
// A frame that was left at that poll must find the loop again. So every loop of
// a function has a number: where there is no poll, a marker
//
//     header:
//       call void @upstare.loop_head()
//
// stands for it while frames are laid out. Rebuild clones can be entered there;
// hot code is never left there, so no call carries a bundle and the markers are
// gone before the optimiser runs.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_PASSES_LOOPHEADS_H
#define UPSTARE_PASSES_LOOPHEADS_H

namespace llvm {
class BasicBlock;
class CallBase;
class CallInst;
class DebugLoc;
class Instruction;
class Module;
} // namespace llvm

namespace upstare {

/// Puts a marker before At.
void markLoopHead(llvm::Instruction *At, const llvm::DebugLoc &Where);

/// Says of an update point that it is on the way into a loop: where frames are
/// concerned, at its head.
void markLoopEntry(llvm::CallInst &UpdatePoint);

/// The header of that loop, or null.
const llvm::BasicBlock *loopEnteredBehind(const llvm::CallBase &Call);

bool isLoopHead(const llvm::Instruction &I);

/// Removes all markers, those in clones too.
void removeLoopHeads(llvm::Module &M);

} // namespace upstare

#endif // UPSTARE_PASSES_LOOPHEADS_H
