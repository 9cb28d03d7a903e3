//===- entry_patching.h - old entries lead to new code ----------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Function pointers keep their value for life: at commit the entry of every
// function that has a successor becomes a jump to it.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_RUNTIME_ENTRY_PATCHING_H
#define UPSTARE_RUNTIME_ENTRY_PATCHING_H

#include "loader.h"

namespace upstare {

/// Writes the jumps. Their pages must be writable (WriteWindow), and no thread
/// may be executing there.
void patchEntries(const EntryJump *Jumps, size_t Count);

} // namespace upstare

#endif // UPSTARE_RUNTIME_ENTRY_PATCHING_H
