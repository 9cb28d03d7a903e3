//===- ArenaTest.cpp - memory and tables of the runtime ---------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Arenas hand out zeroed, aligned memory across chunks; sorting and searching
// do what the C++ library's would.
//
//===----------------------------------------------------------------------===//

#include "arena.h"
#include "gtest/gtest.h"
#include <algorithm>
#include <cstring>
#include <random>
#include <vector>

using namespace upstare;

TEST(Arena, MemoryIsZeroAlignedAndApart) {
  Arena A;
  std::vector<std::pair<char *, size_t>> Blocks;
  for (size_t Size : {1, 7, 100, 300000, 16, 5000000, 3}) {
    for (size_t Align : {1, 8, 16, 64, 4096}) {
      auto *P = static_cast<char *>(A.allocate(Size, Align));
      ASSERT_NE(P, nullptr);
      EXPECT_EQ(reinterpret_cast<uintptr_t>(P) % Align, 0u);
      EXPECT_TRUE(std::all_of(P, P + Size, [](char C) { return !C; }));
      memset(P, static_cast<int>(Blocks.size() + 1), Size);
      Blocks.push_back({P, Size});
    }
  }
  for (size_t I = 0; I != Blocks.size(); ++I)
    EXPECT_TRUE(
        std::all_of(Blocks[I].first, Blocks[I].first + Blocks[I].second,
                    [&](char C) { return C == static_cast<char>(I + 1); }));
  A.release();
}

TEST(Arena, ReserveKeepsWhatWasTaken) {
  Arena A;
  size_t Taken = 0;
  for (int I = 0; I != 1000; ++I) {
    ASSERT_TRUE(A.reserve(1 << 20));
    char *Cursor = A.cursor();
    ASSERT_EQ(Cursor[0], 0);
    ASSERT_EQ(Cursor[(1 << 20) - 1], 0);
    memset(Cursor, 1, 4096);
    A.takeUntil(Cursor + 4096);
    Taken += 4096;
  }
  EXPECT_EQ(A.used(), Taken);
  A.release();
}

TEST(Arena, RefusesWhatCannotBe) {
  Arena A;
  EXPECT_EQ(A.allocate(SIZE_MAX - 100), nullptr);
  EXPECT_EQ(A.allocateArray<uint64_t>(SIZE_MAX / 4), nullptr);
  A.release();
}

TEST(Sort, AgreesWithTheLibrary) {
  std::mt19937 Random(1);
  for (size_t Size = 0; Size != 200; ++Size) {
    std::vector<unsigned> Values(Size);
    for (unsigned &V : Values)
      V = Random() % (Size + 1);
    std::vector<unsigned> Expected = Values;
    std::sort(Expected.begin(), Expected.end());
    heapSort(Values.data(), Size, std::less<unsigned>());
    EXPECT_EQ(Values, Expected);
    for (unsigned Key = 0; Key <= Size + 1; ++Key) {
      size_t Found =
          lowerBound(Values.data(), Size, [&](unsigned V) { return V < Key; });
      EXPECT_EQ(Values.begin() + static_cast<long>(Found),
                std::lower_bound(Values.begin(), Values.end(), Key));
    }
  }
}
