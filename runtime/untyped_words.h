//===- untyped_words.h - addresses that nobody forwarded --------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which words still hold addresses of old storage after the transformation?
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_RUNTIME_UNTYPED_WORDS_H
#define UPSTARE_RUNTIME_UNTYPED_WORDS_H

#include "update.h"

namespace upstare {

/// Counts them in Update.Report and names the first ones. Changes nothing else.
void findUntypedWords(upstare_update &Update);

} // namespace upstare

#endif // UPSTARE_RUNTIME_UNTYPED_WORDS_H
