//===- Options.h - options of the stages -------------------------*- C++
//-*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Options come as pass parameters ("upstare-early<entry-polls=all;save=all>")
// and from the environment variable UPSTARE_OPTIONS in the same syntax, since
// -mllvm does not reach a plugin loaded with -fpass-plugin alone. The text is
// stored with the bitcode, so that patchgen numbers the old program alike.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_PASSES_OPTIONS_H
#define UPSTARE_PASSES_OPTIONS_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <string>

namespace upstare {

struct Options {
  enum class EntryPolls { None, Cycles, All };
  /// Which functions poll at their entry.
  EntryPolls Entry = EntryPolls::Cycles;
  /// Poll in counted loops without calls too (they are not vectorised then).
  bool PollCountedLoops = false;
  /// Save every local in scope, not only the live ones.
  bool SaveAll = false;
  /// Record frames for calls in tail position too (they stay calls).
  bool KeepTailFrames = false;
  /// Store the uninstrumented module in the object.
  bool EmbedBitcode = true;
  /// Move landing pads to the cold section.
  bool ColdSplitting = true;
  /// Emit f.rebuild (patches only; not an option of users).
  bool RebuildClones = false;
  /// Optimisation level that the module is compiled with: "0" … "3", "s", "z".
  std::string Level = "0";

  /// Reads "key=value;…". Unknown keys and values are errors.
  static llvm::Expected<Options> parse(llvm::StringRef Text);
  /// As parse() of UPSTARE_OPTIONS, or the defaults.
  static llvm::Expected<Options> fromEnvironment();
  /// Text that parse() reads back.
  std::string str() const;
};

} // namespace upstare

#endif // UPSTARE_PASSES_OPTIONS_H
