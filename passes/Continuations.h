//===- Continuations.h - where a frame can be left and entered again -*- C++
//-*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which calls are continuation points, and their numbers. Invalidated by any
// change to the calls or the block order of the module.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_PASSES_CONTINUATIONS_H
#define UPSTARE_PASSES_CONTINUATIONS_H

#include "Options.h"
#include "Shape.h"
#include "llvm/ADT/DenseSet.h"

namespace llvm {
class TargetLibraryInfo;
}

namespace upstare {

/// Which functions of a module may reach an update point. Functions defined
/// here are known from their bodies; everything else may, unless it is a known
/// library function.
class UpdateReach {
public:
  explicit UpdateReach(llvm::Module &M);

  /// Whether a call may reach an update point, so that what calls it must be
  /// able to unwind. Calls of upstare_update_point may.
  bool mayUpdate(const llvm::CallBase &Call) const;
  /// Whether the frame stays on the stack during such a call: not for calls
  /// that are certain to become jumps (musttail).
  bool isPoint(const llvm::CallBase &Call) const;
  bool mayUpdate(const llvm::Function &F) const {
    return Reaching.contains(&F);
  }
  /// Recomputes one function after its body has changed; callees first.
  void refresh(const llvm::Function &F);

private:
  bool bodyMayUpdate(const llvm::Function &F) const;
  llvm::DenseSet<const llvm::Function *> Reaching;
};

/// Whether the external function F runs no code of the program.
bool isPlainLibraryFunction(const llvm::Function &F);

/// Whether F is the program's own, but has a name that callers in other files
/// take for a library function that reaches no update point: their frames could
/// not be left while F is active.
bool isTakenForLibrary(const llvm::Function &F);

/// Whether a function can be instrumented; if not, why.
bool isInstrumentable(const llvm::Function &F, std::string &Why);

/// The continuation points of F in block order, everything but Live filled.
std::vector<Point> findPoints(llvm::Function &F, const UpdateReach &Reach,
                              const Options &Opts);

} // namespace upstare

#endif // UPSTARE_PASSES_CONTINUATIONS_H
