//===- OffsetTest.cpp - interior pointers, byte by byte ---------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// map_offset of every byte of an old object.
//
//===----------------------------------------------------------------------===//

#include "TestPair.h"

using namespace llvm;
using namespace upstare::patchgen;

namespace {

void expectMapped(const char *Old, const std::string &New) {
  TestPair P(Old,
             CHECK_START
                 "#include <stddef.h>\n#define SCALAR(n) ((uint64_t)(n) | 1ull "
                 "<< 63)\n#define UPSTARE_ENDS (1ull << 61)\n#line 1\n" +
                 New);
  P.addGlobals();
  P.build();
  EXPECT_EQ(P.run(), 0) << "line of check\n" << P.text();
}

// Old: a 0-3, padding 4-7, b 8-15, c 16-23 (2 x int), d 24, e 28-31.
TEST(Offsets, EveryByteOfAStruct) {
  expectMapped("struct s { int a; long b; int c[2]; char d; int e; } g; struct "
               "{ int a; } one;",
               R"(
struct s { char d; long e; int c[2]; short a; char gone; } g; struct { long b; int a; } one;
int check(void) {
  for (uint64_t o = 0; o <= 32; ++o) {
    uint64_t want = UINT64_MAX;
    if (o == 0) want = 0;                              /* the struct itself */
    else if (o >= 16 && o < 24) want = offsetof(struct s, c) + o - 16;
    else if (o == 24) want = offsetof(struct s, d);
    else if (o == 28) want = offsetof(struct s, e);    /* start of a resized one */
    else if (o == 32) want = sizeof(struct s);         /* one past the end */
    EXPECT(test_map("g", o, 0) == want);
  }
  EXPECT(test_map("g", 0, 4) == offsetof(struct s, a));
  EXPECT(test_map("g", 0, 32) == 0);
  EXPECT(test_map("g", 0, 1) == 0);
  EXPECT(test_map("g", 0, SCALAR(4)) == offsetof(struct s, a));
  EXPECT(test_map("one", 0, 4) == 0);
  EXPECT(test_map("one", 0, SCALAR(4)) == 8);
  EXPECT(test_map("g", 0, UPSTARE_ENDS | SCALAR(4)) == 1);
  EXPECT(test_map("g", 0, UPSTARE_ENDS | 32) == 1);
  EXPECT(test_map("g", 0, UPSTARE_ENDS | SCALAR(8)) == 0);
  return 0;
})");
}

TEST(Offsets, ArraysOfStructs) {
  expectMapped("struct e { short k; int v; }; struct e g[4]; int n[2][3];",
               R"(
struct e { int x; short y, k; int v; };
struct e g[3]; int n[2][5];
int check(void) {
  EXPECT(test_map("g", 0, UPSTARE_ENDS | 8) == 3);
  EXPECT(test_map("n", 0, UPSTARE_ENDS | SCALAR(4)) == 3);
  EXPECT(test_map("n", 0, UPSTARE_ENDS | 12) == 3);
  EXPECT(test_map("n", 0, UPSTARE_ENDS | 4) == 1);
  EXPECT(test_map("n", 0, UPSTARE_ENDS | 8) == 0);
  for (uint64_t o = 0; o <= 32; ++o) {
    uint64_t i = o / 8, in = o % 8, want = UINT64_MAX;
    if (i >= 3) want = UINT64_MAX;
    else if (in == 0) want = i * sizeof(struct e);
    else if (in < 2) want = i * sizeof(struct e) + offsetof(struct e, k) + in;
    else if (in >= 4) want = i * sizeof(struct e) + offsetof(struct e, v) + in - 4;
    if (o == 32) want = 3 * sizeof(struct e);
    EXPECT(test_map("g", o, 0) == want);
  }
  EXPECT(test_map("g", 8, 2) == sizeof(struct e) + offsetof(struct e, k));
  for (uint64_t o = 0; o < 24; ++o)
    EXPECT(test_map("n", o, 0) == o / 12 * 20 + o % 12);
  EXPECT(test_map("n", 24, 0) == 40);
  return 0;
})");
}

TEST(Offsets, NestedStructs) {
  expectMapped(R"(
struct in { char c; long l; };
struct s { struct in first; struct { int p, q; }; struct in many[2]; } g;
)",
               R"(
struct in { long l; int x; char c; };
struct s { int q; int p; struct in many[2]; struct in first; } g;
int check(void) {
  const uint64_t l = offsetof(struct in, l), c = offsetof(struct in, c);
  EXPECT(test_map("g", 0, 0) == 0);
  EXPECT(test_map("g", 0, 16) == offsetof(struct s, first));
  EXPECT(test_map("g", 0, 1) == offsetof(struct s, first) + c);
  for (uint64_t o = 1; o < 56; ++o) {
    uint64_t want = UINT64_MAX;
    if (o >= 8 && o < 16) want = offsetof(struct s, first) + l + o - 8;
    else if (o >= 16 && o < 20) want = offsetof(struct s, p) + o - 16;
    else if (o >= 20 && o < 24) want = offsetof(struct s, q) + o - 20;
    else if (o >= 24) {
      uint64_t i = (o - 24) / 16, in = (o - 24) % 16;
      uint64_t at = offsetof(struct s, many) + i * sizeof(struct in);
      if (in == 0) want = at;
      else if (in >= 8) want = at + l + in - 8;
    }
    EXPECT(test_map("g", o, 0) == want);
  }
  return 0;
})");
}

TEST(Offsets, EndOfAnArrayInside) {
  expectMapped("struct s { char name[8]; int len; } g;",
               R"(
struct s { char name[16]; int len; } g;
int check(void) {
  EXPECT(test_map("g", 8, SCALAR(1)) == 8);  /* char *end = g.name + 8 */
  EXPECT(test_map("g", 8, 4) == offsetof(struct s, len));
  EXPECT(test_map("g", 8, 0) == offsetof(struct s, len));
  return 0;
})");
}

TEST(Offsets, FlexibleTail) {
  expectMapped("struct s { int n; struct { short a, b; } t[]; } g = {1, {{1, "
               "2}, {3, 4}}};",
               R"(
struct s { long n; struct { short b, x, a; } t[]; } g = {0, {{1}, {2}, {3}}};
int check(void) {
  for (uint64_t o = 4; o < 12; ++o) {
    uint64_t i = (o - 4) / 4, in = (o - 4) % 4;
    uint64_t want = 8 + i * 6 + (in == 0 ? 0 : in < 2 ? 4 + in : in - 2);
    EXPECT(test_map("g", o, 0) == want);
  }
  return 0;
})");
}

TEST(Offsets, UnionsAndScalars) {
  expectMapped("union u { int a; double d; } g; int n; struct { char c; union "
               "{ int i; float f; }; } h;",
               R"(
union u { int a; double d; long more[2]; } g; long n; struct { union { int i; float f; }; char c; } h;
int check(void) {
  for (uint64_t o = 0; o < 8; ++o) EXPECT(test_map("g", o, 0) == o);
  EXPECT(test_map("n", 0, 4) == 0 && test_map("n", 1, 1) == UINT64_MAX && test_map("n", 4, 4) == 8);
  for (uint64_t o = 4; o < 8; ++o) EXPECT(test_map("h", o, 4) == o - 4);
  EXPECT(test_map("h", 0, 1) == 4 && test_map("h", 0, 8) == 0);
  return 0;
})");
}

} // namespace
