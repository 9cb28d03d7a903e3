//===- Allocators.h - a malloc of the program's own -*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_PASSES_ALLOCATORS_H
#define UPSTARE_PASSES_ALLOCATORS_H

#include "llvm/IR/Module.h"

namespace upstare {

/// Keeps the frames of the functions by which M replaces libc's allocator.
void keepAllocatorFrames(llvm::Module &M);

} // namespace upstare

#endif // UPSTARE_PASSES_ALLOCATORS_H
