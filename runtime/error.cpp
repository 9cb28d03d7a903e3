//===- error.cpp - codes and messages ---------------------------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Answers: which sentence does a person read for a failure?
//
//===----------------------------------------------------------------------===//

#include "error.h"
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

using namespace upstare;

namespace {

struct StatusEntry {
  const char *Name;
  const char *Text;
};

const StatusEntry Entries[] = {
#define UPSTARE_STATUS(Id, Name, Text) {Name, Text},
#include "error.def"
};

void appendList(char *Buffer, size_t Size, const char *Format, va_list Args) {
  size_t Used = strnlen(Buffer, Size);
  if (Used < Size)
    vsnprintf(Buffer + Used, Size - Used, Format, Args);
}

} // namespace

const char *upstare::statusName(Status S) {
  return Entries[static_cast<int>(S)].Name;
}

const char *upstare::statusText(Status S) {
  return Entries[static_cast<int>(S)].Text;
}

void upstare::appendText(char *Buffer, unsigned long Size, const char *Format,
                         ...) {
  va_list Args;
  va_start(Args, Format);
  appendList(Buffer, Size, Format, Args);
  va_end(Args);
}

Status ErrorText::fail(Status S) {
  snprintf(Text, sizeof Text, "%s", statusText(S));
  return S;
}

Status ErrorText::fail(Status S, const char *Format, ...) {
  snprintf(Text, sizeof Text, "%s: ", statusText(S));
  va_list Args;
  va_start(Args, Format);
  appendList(Text, sizeof Text, Format, Args);
  va_end(Args);
  return S;
}

Status ErrorText::failErrno(Status S, const char *Format, ...) {
  int Errno = errno;
  snprintf(Text, sizeof Text, "%s: ", statusText(S));
  va_list Args;
  va_start(Args, Format);
  appendList(Text, sizeof Text, Format, Args);
  va_end(Args);
  const char *Meaning = strerrordesc_np(Errno);
  appendText(Text, sizeof Text, ": %s", Meaning ? Meaning : "unknown error");
  return S;
}
