//===- ConvertTest.cpp - globals through generated transformers -----------===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each test is two versions of some globals; `check` of the new one says
// whether it finds in its storage what the old one held.
//
//===----------------------------------------------------------------------===//

#include "TestPair.h"

using namespace llvm;
using namespace upstare::patchgen;

namespace {

/// Transforms all globals; `check` must be satisfied and nothing reported.
void expectConverted(const char *Old, const std::string &New) {
  TestPair P(Old, CHECK_START + New);
  P.addGlobals();
  P.build();
  P.checkHeaderIsCxx();
  EXPECT_TRUE(P.Found.Missing.empty())
      << P.Found.Missing[0].Where << ": " << P.Found.Missing[0].What;
  EXPECT_EQ(P.run(), 0) << "line of check; " << P.failure() << "\n" << P.text();
  EXPECT_EQ(P.failure(), "");
}

TEST(Convert, AddedRemovedReorderedRetyped) {
  expectConverted(R"(
struct s { int a; char gone[3]; short b; unsigned char c; float f; long l; };
struct s g = {-5, "xy", 1234, 200, 1.5f, -7};
)",
                  R"(
struct s { double f; int added; unsigned char pad; long long b; _Bool c; int l; long a; };
struct s g = {0, 77, 9};
int check(void) {
  EXPECT(g.a == -5); EXPECT(g.b == 1234); EXPECT(g.c == 1);
  EXPECT(g.f == 1.5); EXPECT(g.l == -7);
  EXPECT(g.added == 77); /* the new initialiser */
  return 0;
})");
}

TEST(Convert, NestedAndAnonymous) {
  expectConverted(R"(
struct in { short x, y; };
struct s {
  struct in one;
  struct { int p; struct { char q; int r; } deep; } two;
  struct { int u; struct { int v; }; };
  int last;
};
struct s g = {{1, 2}, {3, {4, 5}}, {6, {7}}, 8};
)",
                  R"(
struct in { int z, y, x; };
struct s {
  int last;
  struct { long u; };
  struct { struct { char new; long r; char q; } deep; char p; } two;
  struct { int v; struct in one; };
};
struct s g;
int check(void) {
  EXPECT(g.one.x == 1); EXPECT(g.one.y == 2); EXPECT(g.one.z == 0);
  EXPECT(g.two.p == 3); EXPECT(g.two.deep.q == 4); EXPECT(g.two.deep.r == 5);
  EXPECT(g.u == 6); EXPECT(g.v == 7); EXPECT(g.last == 8);
  return 0;
})");
}

TEST(Convert, BitFields) {
  expectConverted(R"(
struct s {
  unsigned a : 3; int b : 5; unsigned long c : 33; char d; unsigned e : 1;
  unsigned : 0; unsigned f : 7; _Bool g : 1; unsigned char h : 4;
};
struct s g[2] = {{5, -9, 0x1ffffffffUL, 'd', 1, 99, 1, 9}, {1, 2, 3, 4, 0, 5, 0, 6}};
struct __attribute__((packed)) p { unsigned a : 5; unsigned b : 30; char c; unsigned d : 3; } gp = {17, 0x2aaaaaaa, 'c', 6};
)",
                  R"(
struct s {
  unsigned f : 9; unsigned h : 5; int b : 7; char d; unsigned g : 2; unsigned e : 4;
  unsigned long c : 40; unsigned a : 4;
};
struct s g[2];
struct __attribute__((packed)) p { char c; unsigned d : 4; unsigned b : 31; unsigned a : 6; } gp;
int check(void) {
  EXPECT(g[0].a == 5); EXPECT(g[0].b == -9); EXPECT(g[0].c == 0x1ffffffffUL);
  EXPECT(g[0].d == 'd'); EXPECT(g[0].e == 1); EXPECT(g[0].f == 99);
  EXPECT(g[0].g == 1); EXPECT(g[0].h == 9);
  EXPECT(g[1].a == 1); EXPECT(g[1].b == 2); EXPECT(g[1].c == 3);
  EXPECT(g[1].d == 4); EXPECT(g[1].e == 0); EXPECT(g[1].f == 5);
  EXPECT(g[1].h == 6);
  EXPECT(gp.a == 17); EXPECT(gp.b == 0x2aaaaaaa); EXPECT(gp.c == 'c');
  EXPECT(gp.d == 6);
  return 0;
})");
}

TEST(Convert, Arrays) {
  expectConverted(R"(
int longer[3] = {1, 2, 3};
int shorter[4] = {1, 2, 3, 4};
short retyped[2][3] = {{1, 2, 3}, {4, 5, 6}};
struct e { char k; int v; };
struct e table[3] = {{'a', 1}, {'b', 2}, {'c', 3}};
struct h { char name[4]; int after; } holder = {"abc", 42};
)",
                  R"(
int longer[5] = {9, 9, 9, 9, 9};
int shorter[2];
long retyped[3][2] = {{0, 0}, {0, 0}, {7, 7}};
struct e { char k; char more; int v; int x; };
struct e table[4] = {{'z', 1, 2, 5}, {'z', 1, 2, 6}, {'z', 1, 2, 7}, {'z', 1, 2, 8}};
struct h { char name[8]; int after; } holder = {"......."};
int check(void) {
  EXPECT(longer[0] == 1 && longer[2] == 3 && longer[3] == 9 && longer[4] == 9);
  EXPECT(shorter[0] == 1 && shorter[1] == 2);
  EXPECT(retyped[0][0] == 1 && retyped[0][1] == 2 && retyped[1][0] == 4 && retyped[1][1] == 5 && retyped[2][0] == 7);
  EXPECT(table[0].k == 'a' && table[0].v == 1 && table[0].x == 5 && table[0].more == 1);
  EXPECT(table[2].k == 'c' && table[2].v == 3);
  EXPECT(table[3].k == 'z' && table[3].v == 2);
  EXPECT(!memcmp(holder.name, "abc\0...", 8) && holder.after == 42);
  return 0;
})");
}

TEST(Convert, FlexibleArrays) {
  expectConverted(R"(
struct s { int n; short data[]; };
struct s g = {3, {10, 20, 30}};
struct z { char c; long data[0]; } zero = {'z'};
struct s same = {2, {7, 8}};
)",
                  R"(
struct s { char tag; int n; int data[]; };
struct s g = {'t', 0, {1, 2, 3, 4}};
struct z { char c; int d; long data[0]; } zero;
struct s same = {'s', 0, {1, 1}};
int check(void) {
  EXPECT(g.n == 3 && g.tag == 't');
  EXPECT(g.data[0] == 10 && g.data[1] == 20 && g.data[2] == 30 && g.data[3] == 4);
  EXPECT(zero.c == 'z');
  EXPECT(same.n == 2 && same.data[0] == 7 && same.data[1] == 8);
  return 0;
})");
}

TEST(Convert, Numbers) {
  expectConverted(R"(
signed char sc = -3; unsigned short us = 65535; int i = -1; unsigned u = 4000000000u;
long l = -1234567890123L; unsigned __int128 big = (unsigned __int128)1 << 100;
float f = 2.75f; double d = -8.5; long double ld = 1.0L / 3;
_Complex double c = 1.0 + 2.0i; _Bool b = 1; float _Complex cf = 3.0f;
enum e { A, B = 1000, C } e = C;
struct { long double x; _Complex float y; __int128 z; } s = {4.5L, 1.0f + 3.0fi, -9};
)",
                  R"(
long sc; int us; long i; unsigned long u; __int128 l; double big; double f; long double d;
float ld; float _Complex c; int b; double cf; long e;
struct { __int128 z; double x; _Complex long double y; } s;
int check(void) {
  EXPECT(sc == -3); EXPECT(us == 65535); EXPECT(i == -1); EXPECT(u == 4000000000u);
  EXPECT(l == -1234567890123L); EXPECT(big == 1267650600228229401496703205376.0);
  EXPECT(f == 2.75); EXPECT(d == -8.5L); EXPECT(ld == (float)(1.0L / 3));
  EXPECT(__real__ c == 1 && __imag__ c == 2); EXPECT(b == 1); EXPECT(cf == 3.0);
  EXPECT(e == 1001);
  EXPECT(s.x == 4.5 && __real__ s.y == 1 && __imag__ s.y == 3 && s.z == -9);
  return 0;
})");
}

TEST(Convert, EnumeratorsGoOnByName) {
  expectConverted(R"(
enum state { IDLE, BUSY, DONE }; enum state g[4] = {IDLE, BUSY, DONE, (enum state)77};
)",
                  R"(
enum state { IDLE, STARTING, BUSY, DONE }; enum state g[4];
int check(void) {
  EXPECT(g[0] == IDLE); EXPECT(g[1] == BUSY); EXPECT(g[2] == DONE);
  EXPECT((int)g[3] == 77);
  return 0;
})");
}

TEST(Convert, PackedAndAligned) {
  expectConverted(R"(
struct in { char c; long double ld; int i; };
struct __attribute__((packed)) p { char a; int b; struct in n; struct in m[2]; long c; };
struct p g = {1, 2, {3, 4.5L, 5}, {{6, 7.5L, 8}, {9, 10.5L, 11}}, 12};
struct __attribute__((packed, aligned(4))) q { char a; long b; } gq = {1, 2};
struct al { char a; int b __attribute__((aligned(32))); } gal = {1, 2};
#pragma pack(push, 2)
struct two { char a; int b; double c; } gtwo = {1, 2, 3};
#pragma pack(pop)
)",
                  R"(
struct in { int i; char c; long double ld; };
struct __attribute__((packed)) p { long c; char x; struct in n; int b; struct in m[3]; char a; };
struct p g;
struct __attribute__((packed, aligned(8))) q { short a; long b; char c; } gq;
struct al { int b __attribute__((aligned(64))); long a; } gal;
#pragma pack(push, 1)
struct two { char a; double c; int b; } gtwo;
#pragma pack(pop)
int check(void) {
  EXPECT(g.a == 1 && g.b == 2 && g.c == 12);
  EXPECT(g.n.c == 3 && g.n.ld == 4.5L && g.n.i == 5);
  EXPECT(g.m[1].c == 9 && g.m[1].ld == 10.5L && g.m[1].i == 11);
  EXPECT(g.m[2].i == 0);
  EXPECT(gq.a == 1 && gq.b == 2);
  EXPECT(gal.a == 1 && gal.b == 2);
  EXPECT(gtwo.a == 1 && gtwo.b == 2 && gtwo.c == 3);
  return 0;
})");
}

TEST(Convert, Unions) {
  expectConverted(R"(
union u { int i; double d; char bytes[8]; };
struct s { int kind; union u u; union { long x; float y; }; int z; };
struct s g = {1, {.d = 2.5}, {.x = 0x1122334455667788}, 3};
union u grows = {.d = 6.5};
)",
                  R"(
union u { int i; double d; char bytes[8]; long more[3]; };
struct s { int z; union { float y; long x; }; int kind; union u u; };
struct s g;
union u grows;
int check(void) {
  EXPECT(g.kind == 1 && g.u.d == 2.5 && g.x == 0x1122334455667788 && g.z == 3);
  EXPECT(grows.d == 6.5);
  return 0;
})");
}

TEST(Convert, Vectors) {
  expectConverted(R"(
typedef float v4 __attribute__((vector_size(16)));
typedef int v8 __attribute__((vector_size(32)));
struct s { char c; v4 v; v8 w; };
struct s g = {1, {1, 2, 3, 4}, {1, 2, 3, 4, 5, 6, 7, 8}};
)",
                  R"(
typedef float v4 __attribute__((vector_size(16)));
typedef int v8 __attribute__((vector_size(32)));
struct s { v8 w; int x; v4 v; long c; };
struct s g;
int check(void) {
  EXPECT(g.c == 1 && g.v[0] == 1 && g.v[3] == 4 && g.w[0] == 1 && g.w[7] == 8);
  return 0;
})");
}

TEST(Convert, FunctionPointers) {
  expectConverted(R"(
static int f(int x) { return x + 1; }
typedef int (*handler)(int);
struct cmd { const char *name; handler run; };
struct cmd g[2] = {{"one", f}, {0, 0}};
handler plain[2] = {f, 0};
)",
                  R"(
typedef int (*handler)(int);
struct cmd { int flags; handler run; const char *name; };
struct cmd g[3];
handler plain[3];
int check(void) {
  EXPECT(g[0].run(1) == 2 && !strcmp(g[0].name, "one"));
  EXPECT(!g[1].run && !g[1].name && !g[2].run);
  EXPECT(plain[0](4) == 5 && !plain[1]);
  return 0;
})");
}

TEST(Convert, SelfReferenceAndInteriorPointers) {
  expectConverted(R"(
struct node { int v; struct node *next; char name[4]; };
extern struct node n[3];
struct node n[3] = {{1, &n[1], "a"}, {2, &n[2], "b"}, {3, 0, "c"}};
struct node *head = &n[0];
char *where = &n[1].name[1];
int *value = &n[2].v;
struct node **link = &n[0].next;
void *any = &n[1];
long unrelated = 5;
long *outside = &unrelated;
)",
                  R"(
struct node { char name[8]; long pad; struct node *next; int v; };
struct node n[4];
struct node *head; char *where; int *value; struct node **link; void *any;
long unrelated; long *outside;
int check(void) {
  EXPECT(head == &n[0]); EXPECT(n[0].next == &n[1]); EXPECT(n[1].next == &n[2]);
  EXPECT(!n[2].next); EXPECT(n[2].v == 3); EXPECT(n[1].name[0] == 'b');
  EXPECT(where == &n[1].name[1]); EXPECT(value == &n[2].v);
  EXPECT(link == &n[0].next); EXPECT(any == &n[1]);
  EXPECT(outside == &unrelated && *outside == 5);
  return 0;
})");
}

/// A pointer to a struct and one to its first field part ways.
TEST(Convert, FirstFieldMovesAway) {
  expectConverted(R"(
struct s { int first; int second; } g = {1, 2};
struct s *whole = &g; int *field = &g.first; void *any = &g;
)",
                  R"(
struct s { long added; int second; int first; } g;
struct s *whole; int *field; void *any;
int check(void) {
  EXPECT(whole == &g); EXPECT(field == &g.first); EXPECT(*field == 1);
  EXPECT(any == &g);
  return 0;
})");
}

TEST(Convert, StayingGlobalsAreVisited) {
  expectConverted(R"(
struct t { int a; } moved[2] = {{1}, {2}};
union u { struct t *p; long n; };
struct holder { struct t *p; struct { struct t *q[2]; } in; union u u; union { void *x; double y; }; };
struct holder h[2] = {{&moved[1], {{0, &moved[0]}}, {&moved[1]}, {&moved[0]}}};
char *names[2] = {(char *)&moved[1], "x"};
struct fl { int n; struct t *p[]; } flexible = {2, {&moved[0], &moved[1]}};
)",
                  R"(
struct t { long x; int a; } moved[2];
union u { struct t *p; long n; };
struct holder { struct t *p; struct { struct t *q[2]; } in; union u u; union { void *x; double y; }; };
struct holder h[2]; char *names[2]; struct fl { int n; struct t *p[]; } flexible = {2, {0, 0}};
int check(void) {
  EXPECT(h[0].p == &moved[1]); EXPECT(h[0].in.q[1] == &moved[0]);
  EXPECT(!h[0].in.q[0]); EXPECT(h[0].u.p == &moved[1]); EXPECT(h[0].x == &moved[0]);
  EXPECT(names[0] == (char *)&moved[1] && names[1][0] == 'x');
  EXPECT(flexible.p[0] == &moved[0] && flexible.p[1] == &moved[1]);
  return 0;
})");
}

TEST(Convert, ConstantsKeepTheNewContents) {
  expectConverted(R"(
struct c { int id; const char *name; };
const struct c table[2] = {{1, "one"}, {2, "two"}};
const struct c *current = &table[1];
)",
                  R"(
struct c { const char *name; int id; int more; };
const struct c table[3] = {{"ONE", 1, 5}, {"TWO", 2, 6}, {"THREE", 3, 7}};
const struct c *current;
int check(void) {
  EXPECT(current == &table[1]); EXPECT(!strcmp(current->name, "TWO") && current->more == 6);
  return 0;
})");
}

TEST(Convert, ReservedNames) {
  expectConverted(R"(
#undef linux
#undef unix
struct linux { int class; int unix; int offsetof; } g = {1, 2, 3}; int this = 1;
)",
                  R"(
#undef linux
#undef unix
struct linux { long unix; int class; int offsetof; } g; long this;
int check(void) { EXPECT(g.offsetof == 3 && this == 1); return 0; })");
}

TEST(Convert, SameNameOtherFile) {
  // Two layouts of struct s in one program, as two files may have.
  expectConverted(R"(
struct s { int a; } g1 = {1};
int f(void) { struct s { char a; short b; } local; static struct s g2 = {2, 3}; return g2.a + local.b; }
struct { struct s *p; } r = {&g1};
)",
                  R"(
struct s { long a; } g1;
int f(void) { struct s { char a; short b; long c; }; static struct s g2; return g2.a; }
struct { struct s *p; } r;
int check(void) { EXPECT(g1.a == 1); EXPECT(r.p == &g1); return 0; })");
}

//===----------------------------------------------------------------------===//
// What must not go through
//===----------------------------------------------------------------------===//

TEST(Refuse, PointerToUnmovedObjectOfChangedType) {
  TestPair P(R"(
struct s { int a; }; struct list { struct s *s; };
static char heap[64];
struct list l = {(struct s *)heap};
struct s other;
)",
             CHECK_START R"(
struct s { int b, a; }; struct list { struct s *s; };
struct list l; struct s other;
int check(void) { return 0; })");
  P.addGlobals();
  P.build();
  P.run();
  EXPECT_EQ(P.failure(), "field s of struct list -> struct s");
}

TEST(Refuse, PointerThatLeadsToChangedType) {
  TestPair P(R"(
struct s { int a; }; struct list { struct s *s; struct list *next; };
struct list in_data; static char heap[64];
struct list *good = &in_data, *bad = (struct list *)heap;
)",
             CHECK_START R"(
struct s { int b, a; }; struct list { struct s *s; struct list *next; };
struct list in_data; struct list *good, *bad;
int check(void) { return 0; })");
  P.addGlobals();
  P.build();
  P.run();
  EXPECT_EQ(P.failure(), "global bad");
}

TEST(Refuse, IncompatibleKinds) {
  TestPair P("struct s { int a; int *p; int u; }; struct s g; int h;",
             CHECK_START
             "struct s { struct { int x; } a; long p; int u; }; struct s g;"
             "struct s *h; int check(void) { return 0; }");
  P.addGlobals();
  P.build();
  ASSERT_EQ(P.Found.Missing.size(), 3u);
  EXPECT_EQ(P.Found.Missing[0].Where, "struct s (old.c:1)");
  EXPECT_EQ(P.Found.Missing[0].What,
            "field a: int cannot become struct (anonymous) by itself");
  EXPECT_EQ(P.Found.Missing[0].Remedy,
            "define upstare_type_s in the override file");
  EXPECT_EQ(P.Found.Missing[2].Where, "global h");
  P.run();
  EXPECT_NE(P.failure(), "");
}

TEST(Refuse, ChangedUnionMember) {
  TestPair P("union u { int a; float f; } g;",
             "union u { long a; float f; } g; int check(void) { return 0; }");
  P.addGlobals();
  P.build();
  ASSERT_EQ(P.Found.Missing.size(), 1u);
  EXPECT_EQ(P.Found.Missing[0].Remedy,
            "define upstare_type_u in the override file");
}

TEST(Override, ReplacesTheDefaults) {
  TestPair P("struct s { int a; } g = {1}; int n = 2; struct t { int *p; } t;",
             CHECK_START
             "struct s { char *a; int b; } g; long n; struct t { int p; } t;"
             "int check(void) { EXPECT(g.b == 10 && n == 20 && t.p == 30);"
             "return 0; }");
  StringSet<> Defined;
  for (const char *F : {"upstare_type_s", "upstare_global_n", "upstare_type_t"})
    Defined.insert(F);
  P.T.setOverrides(Defined);
  P.addGlobals();
  P.setExtra(R"(
void upstare_type_s(const struct old_s *from, struct new_s *to, struct upstare_update *update) { to->b = from->a * 10; }
void upstare_global_n(const int *from, long *to, struct upstare_update *update) { *to = *from * 10; }
void upstare_type_t(const struct old_t *from, struct new_t *to, struct upstare_update *update) { to->p = 30; }
)");
  P.build();
  EXPECT_TRUE(P.Found.Missing.empty());
  EXPECT_EQ(P.run(), 0);
}

} // namespace
