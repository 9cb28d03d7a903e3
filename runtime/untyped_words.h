//===- untyped_words.h - words that may be pointers -------------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Words whose type does not say whether they are pointers (void *, integers,
// unions), and whose value leads into an object that moves. The patch lists
// where they are, and what the user wants to be done with each.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_RUNTIME_UNTYPED_WORDS_H
#define UPSTARE_RUNTIME_UNTYPED_WORDS_H

#include "update.h"

namespace upstare {

/// Looks at globals and frames before anything is converted; the table of moved
/// objects is complete. Fails if the user has not decided on some word.
Status tellWords(upstare_update &Update);

/// Looks at the words that were found in memory without types; the program's
/// own data has been looked at for pointers that cannot be converted.
Status tellMemoryWords(upstare_update &Update);

/// Forwards those that the user wants to be forwarded; everything has been
/// converted.
void forwardWords(upstare_update &Update);

/// Before an update, while the program runs: globals that lead into globals.
Status checkWords(PreparedPatch &Patch, UpdateReport &Report);

} // namespace upstare

#endif // UPSTARE_RUNTIME_UNTYPED_WORDS_H
