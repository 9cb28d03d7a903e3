//===- snapshot.cpp - the stack as it was -----------------------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Answers: how is a stack put back?
//
//===----------------------------------------------------------------------===//

#include "snapshot.h"
#include "memory_checker.h"
#include <string.h>

using namespace upstare;

bool Snapshot::take(uintptr_t NewLow, uintptr_t NewHigh, Arena &Memory) {
  Low = NewLow;
  High = NewHigh;
  Bytes = Memory.allocate(size());
  if (!Bytes)
    return false;
  memcpy(Bytes, reinterpret_cast<const void *>(Low), size());
  return true;
}

void Snapshot::restore() const {
  auto *To = reinterpret_cast<void *>(Low);
  tellUsedAgain(To, size());
  memcpy(To, Bytes, size());
}
