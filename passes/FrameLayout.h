//===- FrameLayout.h - the frame struct of a function -*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which allocas and arguments are members of the frame struct, by value or
// pinned, and where. Invalidated by any change to the allocas or their uses.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_PASSES_FRAMELAYOUT_H
#define UPSTARE_PASSES_FRAMELAYOUT_H

#include "Shape.h"

namespace upstare {

/// One scalar of a by-value member.
struct Leaf {
  unsigned Member;
  uint64_t Offset; // in the member
  uint64_t Size;
  llvm::Type *Ty;
};

/// One access to a by-value member, for liveness.
struct Access {
  llvm::Instruction *I;
  unsigned Member;
  uint64_t Offset, Size;
  bool IsUse; // else it overwrites (or ends the life of) these bytes
};

struct FrameLayout {
  std::vector<Member> Members;
  std::vector<Leaf> Leaves; // of by-value members, in order
  std::vector<Access> Accesses;
  uint64_t RecordSize = 0;
};

FrameLayout layOutFrame(llvm::Function &F);

} // namespace upstare

#endif // UPSTARE_PASSES_FRAMELAYOUT_H
