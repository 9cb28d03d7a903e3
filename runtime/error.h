//===- error.h - codes and messages -----------------------------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// How the runtime tells of failures. It never ends its host: no function here
// or anywhere in the runtime calls abort or exit; every failure is a Status and
// a message that travels to whoever asked for the update.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_RUNTIME_ERROR_H
#define UPSTARE_RUNTIME_ERROR_H

namespace upstare {

enum class Status : int {
#define UPSTARE_STATUS(Id, Name, Text) Id,
#include "error.def"
};

/// "wrong-version": for --json and tests.
const char *statusName(Status S);
/// One sentence, without full stop.
const char *statusText(Status S);

/// A message with room for a symbolised stack. Plain data.
struct ErrorText {
  char Text[4096];

  /// Sets the text to S's sentence, and ": " with the details if there are
  /// any; returns S. Safe while parked (allocates nothing).
  Status fail(Status S, const char *Format, ...)
      __attribute__((format(printf, 3, 4)));
  Status fail(Status S);
  /// Likewise with errno's meaning after the details.
  Status failErrno(Status S, const char *Format, ...)
      __attribute__((format(printf, 3, 4)));
};

/// Appends formatted text to the NUL-terminated one in Buffer, cut to Size.
void appendText(char *Buffer, unsigned long Size, const char *Format, ...)
    __attribute__((format(printf, 3, 4)));

} // namespace upstare

#endif // UPSTARE_RUNTIME_ERROR_H
