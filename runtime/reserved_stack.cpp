//===- reserved_stack.cpp - which part of the old stack stays ---*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Answers: from which address on may something still point into the old stack?
//
// A pinned object that is alive is in the record of its frame, as an address.
// So are by-value pointers. The lowest address of the stack that any record
// holds therefore tells what must stay: the whole physical frame that it points
// into (it may have parts that no record names, such as the register save area
// of a va_list) and all above. A number that happens to look like such an
// address only makes us keep more.
//
// Addresses above CallSp are in extents of earlier versions, whose frames are
// gone: there, what is kept or dropped is a whole extent.
//
//===----------------------------------------------------------------------===//

#include "reserved_stack.h"
#include <string.h>

using namespace upstare;

namespace {

/// The lowest word of [Begin, Begin + Size) that lies in Stack, or Lowest.
uintptr_t lowestIn(const void *Begin, size_t Size, const AddressRange &Stack,
                   uintptr_t Lowest) {
  const auto *Bytes = static_cast<const char *>(Begin);
  for (size_t I = 0; I + sizeof(uintptr_t) <= Size; I += sizeof(uintptr_t)) {
    uintptr_t Word;
    memcpy(&Word, Bytes + I, sizeof Word);
    if (Stack.contains(Word) && Word < Lowest)
      Lowest = Word;
  }
  return Lowest;
}

} // namespace

uintptr_t upstare::lowestReserved(const upstare_update &Update) {
  const Thread &T = *Update.T;
  AddressRange Stack = {reinterpret_cast<uintptr_t>(Update.Context), T.RootSp};
  uintptr_t Lowest = T.RootSp;
  for (size_t I = 0; I != Update.Unrolled.Count; ++I) {
    const upstare_frame *Record = Update.Unrolled.Frames[I].Record;
    Lowest = lowestIn(Record + 1, Record->size - sizeof *Record, Stack, Lowest);
  }
  if (Update.IsBlocked)
    Lowest = lowestIn(&Update.Blocked.Call, sizeof Update.Blocked.Call, Stack,
                      Lowest);
  if (Lowest == T.RootSp)
    return T.RootSp;
  if (Lowest >= T.CallSp)
    for (size_t I = 0; I != T.ExtentCount; ++I)
      if (T.ExtentEnds[I] <= Lowest)
        return T.ExtentEnds[I]; // the last one is CallSp
  uintptr_t FrameSp = Stack.Begin;
  for (size_t I = 0; I != Update.Unrolled.Count; ++I)
    if (Update.Unrolled.Frames[I].Sp <= Lowest)
      FrameSp = Update.Unrolled.Frames[I].Sp;
  return FrameSp & ~uintptr_t{UPSTARE_FRAME_ALIGN - 1};
}

void upstare::setCallSp(Thread &T, uintptr_t CallSp) {
  T.CallSp = CallSp;
  while (T.ExtentCount && T.ExtentEnds[T.ExtentCount - 1] <= CallSp)
    --T.ExtentCount;
  if (CallSp == T.RootSp)
    return;
  // If there is no entry left, two extents become one.
  if (T.ExtentCount == Thread::MaxExtents)
    --T.ExtentCount;
  T.ExtentEnds[T.ExtentCount++] = CallSp;
}
