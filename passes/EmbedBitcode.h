//===- EmbedBitcode.h - what patchgen reads back from a program -*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Blobs in UPSTARE_BLOB_SECTION, see struct upstare_blob in abi.def.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_PASSES_EMBEDBITCODE_H
#define UPSTARE_PASSES_EMBEDBITCODE_H

#include "Options.h"
#include "Shape.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/IR/Module.h"

namespace upstare {

/// M as bitcode.
llvm::SmallVector<char, 0> writeBitcode(const llvm::Module &M);
/// Embeds the module as it was, with the addresses of M's globals, the options
/// and (behind DigestKey) the digest of what was derived from both.
void embedModule(llvm::Module &M, llvm::ArrayRef<char> Bitcode,
                 const Options &Opts, const ModuleShape &Shapes);
/// Embeds the addresses of the functions and literals that M still defines.
void embedFunctions(llvm::Module &M);

} // namespace upstare

#endif // UPSTARE_PASSES_EMBEDBITCODE_H
