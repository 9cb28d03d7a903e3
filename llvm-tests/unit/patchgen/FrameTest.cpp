//===- FrameTest.cpp - frames through generated transformers ----*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Old frames are made by hand in C (`extra`), converted, and read back.
//
//===----------------------------------------------------------------------===//

#include "TestPair.h"

using namespace llvm;
using namespace upstare;
using namespace upstare::patchgen;

namespace {

struct Frames {
  Frames(TestPair &P, std::vector<std::string> OldPinned = {},
         std::vector<std::string> NewPinned = {})
      : Old(P.shape(Version::Old, "f", OldPinned)),
        New(P.shape(Version::New, "f", NewPinned)) {}
  std::unique_ptr<FunctionShape> Old, New;
};

const char Check[] = R"(
#define EXPECT(c) do { if (!(c)) return __LINE__; } while (0)
char rebuild_symbol[1] __asm__("f.rebuild");
#line 1
)";

TEST(Frame, ByValueMembers) {
  TestPair P("struct s { int a; char b; }; int f(int x) { struct s s; long y = "
             "x; float z = y; int a[2] = {0}; return z + a[0] + s.a; }",
             "struct s { char b; long c; int a; }; int f(int x) { struct s s; "
             "double z; int y; int a[3]; char added; return x + s.a; }");
  Frames F(P);
  P.T.addFrame(*F.Old, *F.New, "f.rebuild", 2);
  P.setExtra(std::string(Check) + R"(
int check(void) {
  struct old_frame_f from = {.x = 1, .s = {2, 3}, .y = -4, .z = 5.5f, .a = {6, 7}};
  struct new_frame_f to = {.added = 9};
  us_frames[0].convert((void *)&from, (void *)&to, &Update);
  EXPECT(to.x == 1 && to.s.a == 2 && to.s.b == 3 && to.s.c == 0);
  EXPECT(to.y == -4 && to.z == 5.5 && to.a[0] == 6 && to.a[1] == 7 && to.a[2] == 0);
  EXPECT(to.added == 9);
  EXPECT(us_frames[0].old_size == sizeof(from) && us_frames[0].new_size == sizeof(to));
  EXPECT(us_frames[0].rebuild == rebuild_symbol && us_frames[0].return_class == 2);
  return 0;
})");
  auto Missing = P.T.missingSources(0, 0, 0);
  ASSERT_EQ(Missing.size(), 1u);
  EXPECT_EQ(Missing[0].Variable, "added");
  EXPECT_EQ(Missing[0].Function, "f");
  EXPECT_EQ(Missing[0].Line, 1u);
  EXPECT_EQ(Missing[0].Suggestion,
            "define upstare_init_f__added in the override file");
  P.build();
  EXPECT_EQ(P.call("check"), 0) << P.text();
}

TEST(Frame, IdenticalFramesNeedNoText) {
  TestPair P("int f(int x, char *p) { struct { int a; char *q; } s = {x}; "
             "return s.a + *p; }",
             "int f(int x, char *p) { struct { int a; char *q; } s = {x}; "
             "return s.a - *p; }");
  Frames F(P, {"s"}, {"s"});
  P.T.addFrame(*F.Old, *F.New, "f.rebuild", 2);
  P.setExtra(std::string(Check) + R"(
int check(void) {
  EXPECT(!us_frames[0].convert && !us_frames[0].pinned_count);
  return 0;
})");
  EXPECT_TRUE(P.T.missingSources(0, 0, 0).empty());
  P.build();
  EXPECT_EQ(P.call("check"), 0);
  EXPECT_EQ(P.T.summary().TrivialFrames, 1u);
  EXPECT_EQ(P.text().find("old_frame_f"), std::string::npos);
}

TEST(Frame, PointersAreForwarded) {
  TestPair P("struct s { int a; } g; int f(struct s *p, int *q) { void *v = q; "
             "return p->a; }",
             CHECK_START "struct s { long b; int a; } g; int f(struct s *p, "
                         "int *q) { void *v = q; return p->a; }"
                         "struct s *new_g(void) { return &g; }");
  P.addGlobals();
  Frames F(P);
  P.T.addFrame(*F.Old, *F.New, "f.rebuild", 2);
  P.setExtra(std::string(Check) + R"(
extern char old_g[] __asm__("old.g");
char *new_g(void);
int check(void) {
  struct old_frame_f from = {.p = (void *)old_g, .q = (void *)old_g, .v = old_g};
  struct new_frame_f to;
  us_frames[0].convert((void *)&from, (void *)&to, &Update);
  EXPECT((char *)to.p == new_g() && (char *)to.q == new_g() + 8 && to.v == old_g);
  us_frames[0].tell_words(&from, &Update);
  us_frames[0].forward_words(&to, &Update);
  EXPECT(test_told() == 1 && WriteCount == 1);
  EXPECT(Writes[0].Slot == &to.v && Writes[0].Value == new_g());
  EXPECT(!Failure[0]);
  from.p = (void *)&from;
  us_frames[0].convert((void *)&from, (void *)&to, &Update);
  EXPECT(!strcmp(Failure, "variable p of f -> struct s"));
  return 0;
})");
  P.build();
  EXPECT_EQ(P.call("check"), 0) << P.text();
}

TEST(Frame, PinnedMembers) {
  TestPair P(
      "struct s { int a; }; int f(void) { struct s moves, value, object, kept; "
      "struct { struct s *p; } holds; int buf[4]; return 0; }",
      "struct s { long b; int a; }; int f(void) { struct s fresh, kept; int "
      "buf[4]; struct s object, value, moves; struct { struct s *p; } holds; "
      "return 0; }");
  Frames F(P, {"moves", "object", "holds", "buf"},
           {"moves", "value", "holds", "buf", "fresh"});
  StringSet<> Defined;
  Defined.insert("upstare_init_f__fresh");
  P.T.setOverrides(Defined);
  P.T.addFrame(*F.Old, *F.New, "f.rebuild", 2);
  EXPECT_TRUE(P.T.missingSources(0, 0, 0).empty());
  P.setExtra(std::string(Check) + R"(
static const struct upstare_pinned *find(const char *name) {
  for (unsigned i = 0; i < us_frames[0].pinned_count; ++i)
    if (!strcmp(us_frames[0].pinned[i].name, name))
      return &us_frames[0].pinned[i];
  return 0;
}
void upstare_init_f__fresh(const struct old_frame_f *from, struct new_frame_f *to, struct upstare_update *update) {
  to->fresh->a = 33;
}
int check(void) {
  EXPECT(us_frames[0].pinned_count == 5);
  const struct upstare_pinned *p = find("moves");
  struct old_s a = {1}, object = {2};
  struct new_s b = {0}, c = {0}, fresh = {0};
  EXPECT(p && !p->flags && p->type->convert && p->type->new_size == sizeof(b));
  EXPECT(p->type->map_offset(0, UPSTARE_SCALAR(4)) == 8 && p->type->map_offset(0, 4) == 0 && p->type->new_align == 16);
  EXPECT(p->old_offset == offsetof(struct old_frame_f, moves));
  EXPECT(p->new_offset == offsetof(struct new_frame_f, moves));
  p->type->convert(&a, &b, &Update);
  EXPECT(b.a == 1);
  p = find("value");
  EXPECT(p && p->flags == UPSTARE_PINNED_FROM_VALUE);
  a.a = 4;
  p->type->convert(&a, &c, &Update);
  EXPECT(c.a == 4);
  p = find("holds"); /* stays, but its pointers are seen to */
  EXPECT(p && !p->type->convert && p->type->visit);
  p = find("buf");
  EXPECT(p && !p->type);
  p = find("fresh");
  EXPECT(p && p->flags == UPSTARE_PINNED_FRESH && p->type->new_size == sizeof(b));
  struct old_frame_f from = {.object = &object, .kept = {5}};
  struct new_frame_f to = {.fresh = &fresh};
  us_frames[0].convert((void *)&from, (void *)&to, &Update);
  EXPECT(to.object.a == 2 && to.kept.a == 5 && fresh.a == 33);
  from.object = 0;
  us_frames[0].convert((void *)&from, (void *)&to, &Update);
  EXPECT(!Failure[0]);
  return 0;
})");
  P.build();
  EXPECT_EQ(P.call("check"), 0) << P.text();
}

TEST(Frame, EqualNamesKeepTheirOrder) {
  TestPair P("int f(int n) { { int i = 1; n += i; } { long i = 2; n += i; } "
             "return n; }",
             "int f(int n) { { char *i = 0; n += i != 0; } { int i = 1; n += "
             "i; } { long i = 2; n += i; } return n; }");
  Frames F(P);
  P.T.addFrame(*F.Old, *F.New, "f.rebuild", 2);
  auto Missing = P.T.missingSources(0, 0, 0);
  ASSERT_EQ(Missing.size(), 1u);
  EXPECT_EQ(Missing[0].Variable, "i");
  P.setExtra(std::string(Check) + R"(
int check(void) {
  struct old_frame_f from = {.n = 7, .i = 1, .i_2 = 2};
  struct new_frame_f to = {};
  us_frames[0].convert((void *)&from, (void *)&to, &Update);
  EXPECT(to.n == 7 && !to.i && to.i_2 == 1 && to.i_3 == 2);
  return 0;
})");
  P.build();
  EXPECT_EQ(P.call("check"), 0) << P.text();
}

TEST(Frame, Temporaries) {
  TestPair P("int f(int n) { int a = n, b = n; return a + b; }",
             "int f(int n) { int b = n, a = n; return a + b; }");
  Frames F(P);
  for (FunctionShape *S : {F.Old.get(), F.New.get()})
    for (Member &M : S->Members)
      if (M.Name != "n") {
        M.Name = "%" + M.Name;
        M.Variable = nullptr;
      }
  P.T.addFrame(*F.Old, *F.New, "f.rebuild", 2);
  P.setExtra(std::string(Check) + R"(
int check(void) {
  struct old_frame_f from = {.tmp_0 = 1, .tmp_1 = 2};
  struct new_frame_f to = {};
  us_frames[0].convert((void *)&from, (void *)&to, &Update);
  EXPECT(to.tmp_0 == 2 && to.tmp_1 == 1);
  return 0;
})");
  P.build();
  EXPECT_EQ(P.call("check"), 0) << P.text();
}

TEST(Frame, DeadInTheOldVersion) {
  TestPair P("int f(int n) { int a = n; return a; }",
             "int f(int n) { int a = n; return a + n; }");
  Frames F(P);
  F.Old->Points[0].Live.reset(0);
  P.T.addFrame(*F.Old, *F.New, "f.rebuild", 2);
  auto Missing = P.T.missingSources(0, 0, 0);
  ASSERT_EQ(Missing.size(), 1u);
  EXPECT_EQ(Missing[0].Variable, "n");
  F.New->Points[0].Live.reset(0);
  EXPECT_TRUE(P.T.missingSources(0, 0, 0).empty());
}

/// The record holds only those fields of a struct that are still used.
TEST(Frame, FieldDeadInTheOldVersion) {
  TestPair P("int f(void) { struct { int a; long double b; short c[2]; } s; "
             "return 0; }",
             "int f(void) { struct { short c[3]; long x; long double b; int a; "
             "} s; return 0; }");
  Frames F(P);
  P.T.addFrame(*F.Old, *F.New, "f.rebuild", 2);
  uint64_t Old = F.Old->Members[0].Offset, New = F.New->Members[0].Offset;
  F.Old->Points[0].Held = {{Old + 16, 10}, {Old + 34, 2}};
  // x and c[2] are new.
  F.New->Points[0].Held = {
      {New + 2, 2}, {New + 4, 2}, {New + 8, 8}, {New + 16, 10}};
  EXPECT_TRUE(P.T.missingSources(0, 0, 0).empty());
  F.New->Points[0].Held.push_back({New, 2});
  auto Missing = P.T.missingSources(0, 0, 0);
  ASSERT_EQ(Missing.size(), 1u);
  EXPECT_EQ(Missing[0].Variable, "s");
  EXPECT_EQ(StringRef(Missing[0].Reason).substr(0, 32),
            "element 0 of field c of it: the ");
}

TEST(Frame, VariableLengthArrays) {
  TestPair P("static int g(int *p) { return *p; } int f(int n) { int v[n]; "
             "return g(v); }",
             "static int g(int *p) { return *p; } int f(int n) { int v[n]; "
             "long x = 0; return g(v); }");
  auto Shape = [&](Version V) {
    auto S = P.shape(V, "f", {"v"});
    for (Member &M : S->Members)
      if (M.Name == "v")
        M.Size = 0;
    return S;
  };
  auto Old = Shape(Version::Old), New = Shape(Version::New);
  P.T.addFrame(*Old, *New, "f.rebuild", 2);
  P.setExtra(std::string(Check) + R"(
int check(void) {
  EXPECT(us_frames[0].convert && us_frames[0].pinned_count == 1);
  EXPECT(!us_frames[0].pinned[0].type);
  struct new_frame_f f = {};
  EXPECT(sizeof(*f.v) == sizeof(int));
  return 0;
})");
  P.build();
  EXPECT_EQ(P.call("check"), 0) << P.text();
}

} // namespace
