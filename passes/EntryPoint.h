//===- EntryPoint.h - main under a root, and the image's registration -*- C++
//-*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The program's main, and the constructor that registers an image.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_PASSES_ENTRYPOINT_H
#define UPSTARE_PASSES_ENTRYPOINT_H

#include "llvm/IR/Module.h"

namespace upstare {

/// Renames main, if M defines it. True if it did.
bool renameMain(llvm::Module &M);
/// Makes a new main that runs the renamed one under the runtime's root.
void emitMain(llvm::Module &M);
/// Emits the constructor that registers the image (one per linked image).
void emitImageConstructor(llvm::Module &M);

} // namespace upstare

#endif // UPSTARE_PASSES_ENTRYPOINT_H
