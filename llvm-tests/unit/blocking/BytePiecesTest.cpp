//===- BytePiecesTest.cpp - transfers that go on where they stopped
//--------===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "byte_pieces.h"
#include "gtest/gtest.h"
#include <cstdlib>
#include <fcntl.h>
#include <unistd.h>

using namespace upstare;

static char Bytes[1000];

TEST(VectorPart, StartsInside) {
  const iovec Array[] = {{Bytes, 10}, {Bytes + 100, 0}, {Bytes + 200, 10}};
  VectorPart Part(Array, 3, 13, MaxTransfer);
  ASSERT_EQ(Part.Count, 1);
  EXPECT_EQ(Part.Vectors[0].iov_base, Bytes + 203);
  EXPECT_EQ(Part.Bytes, 7u);
}

TEST(VectorPart, IsLimitedInBytes) {
  const iovec Array[] = {{Bytes, 10}, {Bytes + 100, 10}, {Bytes + 200, 10}};
  VectorPart Part(Array, 3, 5, 15);
  ASSERT_EQ(Part.Count, 2);
  EXPECT_EQ(Part.Vectors[0].iov_len, 5u);
  EXPECT_EQ(Part.Vectors[1].iov_len, 10u);
  EXPECT_EQ(Part.Bytes, 15u);
}

TEST(VectorPart, IsLimitedInParts) {
  iovec Array[VectorPart::Capacity + 5];
  for (iovec &Vector : Array)
    Vector = {Bytes, 2};
  VectorPart Part(Array, VectorPart::Capacity + 5, 1, MaxTransfer);
  EXPECT_EQ(Part.Count, VectorPart::Capacity);
  EXPECT_EQ(Part.Bytes, 2u * VectorPart::Capacity - 1);
}

TEST(TotalBytes, LeavesBadOnesToTheKernel) {
  const iovec Array[] = {{Bytes, 10}, {Bytes, 20}};
  EXPECT_EQ(totalBytes(Array, 2), 30u);
  EXPECT_EQ(totalBytes(Array, -1), 0u);
  EXPECT_EQ(totalBytes(Array, 5000), 0u);
  EXPECT_EQ(totalBytes(nullptr, 2), 0u);
  const iovec Huge[] = {{Bytes, MaxTransfer}, {Bytes, SIZE_MAX}};
  EXPECT_EQ(totalBytes(Huge, 2), MaxTransfer);
}

TEST(IsCuttable, OnlyFilesThatAreNotAppendedTo) {
  char Name[] = "/tmp/upstare-unit-XXXXXX";
  int File = mkstemp(Name), Ends[2];
  ASSERT_GE(File, 0);
  ASSERT_EQ(pipe(Ends), 0);
  unlink(Name);
  EXPECT_TRUE(isCuttable(File));
  EXPECT_FALSE(isCuttable(Ends[1]));
  EXPECT_FALSE(isCuttable(-1));
  fcntl(File, F_SETFL, O_APPEND);
  EXPECT_FALSE(isCuttable(File));
  for (int Fd : {File, Ends[0], Ends[1]})
    close(Fd);
}
