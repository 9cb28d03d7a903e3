//===- KeptStackTest.cpp - parts of the old stack that stay -----*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// New storage lies where nothing is kept, as high as possible; however many
// ranges there are, what was kept once is never given out.
//
//===----------------------------------------------------------------------===//

#include "kept_stack.h"
#include "gtest/gtest.h"
#include <random>
#include <vector>

using namespace upstare;

TEST(KeptStack, GapsAreUsedFromTheTop) {
  KeptStack Kept = {};
  EXPECT_EQ(Kept.lowest(1000), 1000u);
  EXPECT_EQ(Kept.place(1000, 10, 16), 976u);
  Kept.add({900, 950});
  Kept.add({700, 800});
  EXPECT_EQ(Kept.place(1000, 10, 16), 976u);  // above both
  EXPECT_EQ(Kept.place(1000, 60, 16), 832u);  // between
  EXPECT_EQ(Kept.place(1000, 101, 16), 592u); // below
  EXPECT_EQ(Kept.lowest(1000), 700u);
  EXPECT_EQ(Kept.find(949), 0u);
  EXPECT_EQ(Kept.find(700), 1u);
  EXPECT_EQ(Kept.find(950), Kept.count());
  EXPECT_EQ(Kept.find(699), Kept.count());
  EXPECT_EQ(Kept.find(850), Kept.count());
}

TEST(KeptStack, RangesThatFindNoEntryAreNotLost) {
  constexpr uintptr_t Top = 1000000;
  std::mt19937 Random(1);
  for (int Round = 0; Round != 20; ++Round) {
    KeptStack Kept = {};
    std::vector<AddressRange> All;
    uintptr_t Begin = Top;
    for (int I = 0; I != 50; ++I) {
      uintptr_t End = Begin - Random() % 500;
      Begin = End - 1 - Random() % 500;
      All.push_back({Begin, End});
      Kept.add(All.back());
    }
    for (int I = 0; I != 100; ++I) {
      uintptr_t Size = 1 + Random() % 200, Align = 1u << (Random() % 7);
      uintptr_t Address = Kept.place(Top, Size, Align);
      ASSERT_EQ(Address % Align, 0u);
      ASSERT_LE(Address + Size, Top);
      for (const AddressRange &R : All)
        ASSERT_TRUE(Address + Size <= R.Begin || R.End <= Address);
      All.push_back({Address, Address + Size});
      Kept.add(All.back());
      ASSERT_LE(Kept.count(), size_t{KeptStack::Most});
      for (size_t J = 1; J < Kept.count(); ++J)
        ASSERT_LE(Kept[J].End, Kept[J - 1].Begin);
    }
    for (const AddressRange &R : All) {
      size_t J = Kept.find(R.Begin);
      ASSERT_NE(J, Kept.count());
      ASSERT_LE(R.End, Kept[J].End);
    }
  }
}

TEST(KeptStack, OneThatIsNeededLongerTellsSoForItsNeighbour) {
  KeptStack Kept = {};
  uintptr_t Begin = 1000000;
  auto addNext = [&](size_t Depth) {
    Begin -= 100;
    Kept.add({Begin, Begin + 90}, Depth);
  };
  addNext(3);
  addNext(0);
  for (size_t I = 2; I != KeptStack::Most; ++I)
    addNext(5);
  EXPECT_EQ(Kept.depth(0), 3u);
  EXPECT_EQ(Kept.depth(1), 0u);
  EXPECT_EQ(Kept.depth(2), 5u);
  addNext(7); // the two highest become one
  EXPECT_EQ(Kept.depth(0), 3u);
  EXPECT_EQ(Kept.depth(1), 5u);
  EXPECT_EQ(Kept.depth(Kept.count() - 1), 7u);
}
