//===- kept_stack.h - parts of the old stack that stay ----------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Ranges of the stack that hold objects of frames of earlier versions. What is
// between them is free, and used again for storage of objects that move: or the
// stack would grow with every update in which a local changes its type.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_RUNTIME_KEPT_STACK_H
#define UPSTARE_RUNTIME_KEPT_STACK_H

#include "address_space.h"

namespace upstare {

/// Disjoint ranges, from high to low addresses. Plain data; zeros are none.
class KeptStack {
public:
  static constexpr size_t Most = 64;

  size_t count() const { return Count; }
  const AddressRange &operator[](size_t I) const { return Ranges[I]; }
  /// Index of the range that Address lies in; count(): in none.
  size_t find(uintptr_t Address) const;

  /// Adds a range that has nothing in common with the others. If there is no
  /// entry left, two neighbours become one, with what is between them. Depth:
  /// it is needed as long as so many frames are active; 0: as records say.
  void add(const AddressRange &R, size_t Depth = 0);
  size_t depth(size_t I) const { return Depths[I]; }

  /// Where the highest Size bytes begin that are free and below Top.
  uintptr_t place(uintptr_t Top, uintptr_t Size, uintptr_t Align) const;

  /// Where the lowest range begins; Top if there is none.
  uintptr_t lowest(uintptr_t Top) const {
    return Count ? Ranges[Count - 1].Begin : Top;
  }

private:
  void joinClosest();

  AddressRange Ranges[Most];
  size_t Depths[Most];
  size_t Count;
};

} // namespace upstare

#endif // UPSTARE_RUNTIME_KEPT_STACK_H
