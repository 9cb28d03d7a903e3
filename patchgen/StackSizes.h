//===- StackSizes.h - how large are the frames of code? ---------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The runtime must know before an update how much stack the rebuilt frames
// take. The code generator writes it into the object (section .stack_sizes).
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_PATCHGEN_STACKSIZES_H
#define UPSTARE_PATCHGEN_STACKSIZES_H

#include "llvm/ADT/StringMap.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBufferRef.h"

namespace upstare::patchgen {

/// Bytes by symbol. Functions with arrays of variable length are not in it.
using StackSizes = llvm::StringMap<uint64_t>;

/// Adds the functions of Object whose names begin with Prefix.
llvm::Error readStackSizes(llvm::MemoryBufferRef Object, llvm::StringRef Prefix,
                           StackSizes &Sizes);

} // namespace upstare::patchgen

#endif // UPSTARE_PATCHGEN_STACKSIZES_H
