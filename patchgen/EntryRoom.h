//===- EntryRoom.h - is there room for the jumps? ---------------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// At commit the entry of each old function becomes a jump, which may be longer
// than the function. Does anything that still runs begin within it?
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_PATCHGEN_ENTRYROOM_H
#define UPSTARE_PATCHGEN_ENTRYROOM_H

#include "Plan.h"

namespace upstare::patchgen {

/// An error names the function and what follows it too closely.
llvm::Error checkEntryRoom(const Program &Old, const PatchPlan &Plan);

} // namespace upstare::patchgen

#endif // UPSTARE_PATCHGEN_ENTRYROOM_H
