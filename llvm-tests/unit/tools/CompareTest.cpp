//===- CompareTest.cpp - the first difference of two outputs
//---------------===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Compare.h"
#include "gtest/gtest.h"

using namespace upstare;

TEST(FirstDifference, EqualTexts) {
  EXPECT_EQ(firstDifference("a\nb\n", "a\nb\n"), "");
  EXPECT_EQ(firstDifference("", ""), "");
}

TEST(FirstDifference, ShowsSurroundings) {
  EXPECT_EQ(firstDifference("1\n2\n3\n4\n5\n6\n7\n", "1\n2\n3\nx\n5\n6\n7\n"),
            "@@ line 4 @@\n 2\n 3\n-4\n-5\n-6\n+x\n+5\n+6\n");
}

TEST(FirstDifference, MissingEnd) {
  EXPECT_EQ(firstDifference("a\nb\n", "a\n"),
            "@@ line 2 @@\n a\n-b\n+(nothing)\n");
  EXPECT_EQ(firstDifference("a\n", "a"), "@@ line 1 @@\n-a\n+a\\ no newline\n");
}

TEST(FirstDifference, ShowsWhatCannotBeSeen) {
  EXPECT_EQ(firstDifference("a\n", "a\t\n"), "@@ line 1 @@\n-a\n+a\\x09\n");
}
