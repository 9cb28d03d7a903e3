//===- kept_stack.cpp - parts of the old stack that stay --------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Answers: where between kept ranges is there room?
//
//===----------------------------------------------------------------------===//

#include "kept_stack.h"
#include "arena.h"

using namespace upstare;

size_t KeptStack::find(uintptr_t Address) const {
  size_t I = lowerBound(
      Ranges, Count, [&](const AddressRange &R) { return R.Begin > Address; });
  return I != Count && Ranges[I].contains(Address) ? I : Count;
}

/// Of all gaps, the smallest costs least.
void KeptStack::joinClosest() {
  size_t Best = 1;
  auto gap = [&](size_t I) { return Ranges[I - 1].Begin - Ranges[I].End; };
  for (size_t I = 2; I != Count; ++I)
    if (gap(I) < gap(Best))
      Best = I;
  Ranges[Best - 1].Begin = Ranges[Best].Begin;
  size_t &Depth = Depths[Best - 1];
  if (!Depth || (Depths[Best] && Depths[Best] < Depth))
    Depth = Depths[Best];
  for (size_t I = Best + 1; I != Count; ++I) {
    Ranges[I - 1] = Ranges[I];
    Depths[I - 1] = Depths[I];
  }
  --Count;
}

void KeptStack::add(const AddressRange &R, size_t Depth) {
  if (Count == Most)
    joinClosest();
  // The two that have become one may have R between them.
  if (find(R.Begin) != Count)
    return;
  size_t I = Count++;
  for (; I && Ranges[I - 1].Begin < R.Begin; --I) {
    Ranges[I] = Ranges[I - 1];
    Depths[I] = Depths[I - 1];
  }
  Ranges[I] = R;
  Depths[I] = Depth;
}

uintptr_t KeptStack::place(uintptr_t Top, uintptr_t Size,
                           uintptr_t Align) const {
  auto below = [&](uintptr_t End) { return (End - Size) & ~(Align - 1); };
  for (size_t I = 0; I != Count; ++I) {
    uintptr_t Address = below(Top);
    if (Address >= Ranges[I].End && Address <= Top)
      return Address;
    Top = Ranges[I].Begin;
  }
  return below(Top);
}
