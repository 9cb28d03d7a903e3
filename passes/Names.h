//===- Names.h - names that the stages give and read -*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The few names by which one stage finds what another has made.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_PASSES_NAMES_H
#define UPSTARE_PASSES_NAMES_H

#include "llvm/IR/Function.h"
#include <string>

namespace upstare {

/// What the program's main is called after EntryPoint.cpp.
constexpr const char *MainName = "upstare.main";
/// Prefix of allocas made by Demotion.cpp; a description follows.
constexpr const char *TemporaryPrefix = "us.tmp";
/// Prefix of rebuild clones; the key in 16 hex digits follows.
constexpr const char *RebuildPrefix = "us.rebuild.";
/// Behind the options text of a stored module; the digest in hex follows.
constexpr const char *DigestKey = ";shapes=";
/// Module flag that marks an instrumented module.
constexpr const char *ModuleFlag = "upstare.instrumented";
/// Module flag of a module whose bundles have been lowered.
constexpr const char *LoweredFlag = "upstare.lowered";
/// Function attribute that carries why a function was left as it was.
constexpr const char *UninstrumentedAttribute = "upstare-uninstrumented";

/// "<directory>/<file>" of the compile unit.
std::string unitName(const llvm::Module &M);
/// The linkage name that the front end gave to F.
llvm::StringRef sourceName(const llvm::Function &F);

} // namespace upstare

#endif // UPSTARE_PASSES_NAMES_H
