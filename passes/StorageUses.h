//===- StorageUses.h - when an object's memory matters -----------*- C++
//-*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Of one alloca or argument, by where the function itself uses it (address
// computations included) and where the object begins anew: its lifetime marker,
// or its declaration in debug information.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_PASSES_STORAGEUSES_H
#define UPSTARE_PASSES_STORAGEUSES_H

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/Instructions.h"

namespace upstare {

class StorageUses {
public:
  /// Variable: of the source, if any.
  StorageUses(const llvm::Value &Storage,
              const llvm::DILocalVariable *Variable);

  /// Whether it is known where the object begins.
  bool hasBeginning() const;
  /// Whether a use may follow Point before the object begins anew.
  bool follows(const llvm::Instruction &Point) const;
  /// Whether a use, Point's own included, may have come since the lifetime
  /// began. If not, the object holds nothing, and nobody knows its address.
  bool precedes(const llvm::Instruction &Point) const;

private:
  struct Event {
    const llvm::Instruction *At; // a beginning is before it
    enum Kind { Use, Lifetime, Declaration } What;
  };
  using BlockEvents = llvm::SmallVector<Event, 2>;

  void collect(const llvm::Value &Storage,
               const llvm::DILocalVariable *Variable);
  void solve();
  /// The first or last event that tells; null: the neighbours tell.
  static const Event *firstOf(const BlockEvents &Events);
  static const Event *lastOf(const BlockEvents &Events);

  llvm::DenseMap<const llvm::BasicBlock *, BlockEvents> Events;
  llvm::SmallPtrSet<const llvm::BasicBlock *, 16> UsedFromStart, UsedAtEnd;
};

} // namespace upstare

#endif // UPSTARE_PASSES_STORAGEUSES_H
