// Types in frames: each function of a chain keeps locals and parameters of some
// types across the update; most of them change in the second version.
// RUN: %update_at %t %s 1 -O0 -O1 -O2 -O3 '-O2 -flto' '-O3 -mavx2' '-O2 -fshort-enums'

// CHECK: here
// CHECK-NEXT: wide 170141183460469231731687303715884105727 1 1.5 0.25 2.75
// CHECK-NEXT: complex 1 2 3 4 5 6
// CHECK-NEXT: vectors 1 2 3 4 10 20 30 40 5 6 7
// CHECK-NEXT: bits 5 -2 1 0 77 tail 9
// CHECK-NEXT: unions 3.5 4200000000
// CHECK-NEXT: members 1 2 3 4 added 0
// CHECK-NEXT: packed 1 70000 2 aligned 1 1 8 9
// CHECK-NEXT: enums second 3 third 7
// CHECK-NEXT: zero 6 1 2 3 flexible 2 8 9
// CHECK-NEXT: atomics 41 7 8 volatile 12 const 13
// CHECK-NEXT: byval 1 0 2 3 register 44
// CHECK-NEXT: sret 11 0 12 big 3 0 4
// CHECK-NEXT: literals 1 2 3 text abc grown 1 2 3 0 0 shrunk 4 5
// CHECK-NEXT: typeof 5 6 initialised 0 9 0 label 3
// CHECK-NEXT: registers 1 2.5 3 4.5 5.5 6 x
// CHECK-NEXT: status 0

//--- common.h
#include <complex.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "point.h"
#define FRAME __attribute__((noinline)) static void
typedef float float4 __attribute__((vector_size(16)));
typedef float wide4 __attribute__((ext_vector_type(4)));
typedef short short3 __attribute__((ext_vector_type(3)));
typedef double double4 __attribute__((vector_size(32)));

//--- v1/main.c
#include "../common.h"

FRAME wide(void) {
  __int128 big = ((__int128)INT64_MAX << 64) + (__int128)UINT64_MAX;
  _Bool flag = two == 2;
  long double extended = 1.5L * two / 2;
  _Float16 half = (_Float16)(0.125f * two);
  __float128 quad = 1.375 * two;
  puts("here");
  point();
  printf("old %d %d %Lg %d %d\n", (int)big, flag, extended, (int)half,
         (int)quad);
}

FRAME complexes(void) {
  float complex f = two / 2 + 2 * I;
  double complex d = 3 + two * 2 * I;
  long double complex l = 5 + 3 * two * I;
  wide();
  printf("old %g %g %Lg\n", crealf(f), creal(d), cimagl(l));
}

FRAME vectors(void) {
  float4 a = {1, two, 3, 4};
  double4 b = {10, 20, two * 15, 40};
  short3 c = {5, 6, 7};
  complexes();
  printf("old %g %g %d\n", a[0], b[0], c.x);
}

struct bits {
  unsigned a : 3;
  int b : 4;
  unsigned c : 1;
  unsigned char tail;
};
FRAME bits(void) {
  struct bits value = {5, -2, 1, 9};
  struct bits *pointer = &value;
  struct bits plain = value;
  vectors();
  printf("old %d %d %d\n", pointer->a, plain.b, plain.tail + plain.a);
}

union number {
  int i;
  float f;
};
union same {
  double d;
  long l;
};
FRAME unions(void) {
  union number first = {.i = -94967296};
  union same second = {.d = 3.5};
  bits();
  printf("old %d %g\n", first.i, second.d);
}

struct nest {
  union {
    int a;
    float f;
  };
  struct {
    int b, c;
  };
  int d;
};
FRAME members(void) {
  struct nest nest = {.a = 1, .b = 2, .c = 3, .d = 4};
  struct nest *at = &nest;
  unions();
  printf("old %d %d %d %d\n", at->a, at->b, nest.c, nest.d);
}

struct __attribute__((packed)) squeezed {
  char a;
  int b;
  short c;
};
struct line {
  _Alignas(64) int number;
};
FRAME packed(void) {
  struct squeezed p = {1, 70000, 2};
  struct squeezed *at = &p;
  struct line line = {8};
  _Alignas(128) int local = 9;
  int *volatile kept = &local;
  members();
  printf("old %d %d %d %d\n", at->a, p.b, line.number, *kept);
}

enum color { first, second, third = 5 };
FRAME enums(void) {
  enum color mine = second, last = third;
  enum color *at = &last;
  packed();
  printf("old %d %d\n", mine, *at);
}

struct empty {
  int count;
  int none[0];
  int after[3];
};
struct flexible {
  int count;
  int items[];
};
FRAME zero(void) {
  struct empty e = {6, {}, {1, 2, 3}};
  struct flexible *f = malloc(sizeof *f + 2 * sizeof(int));
  f->count = 2;
  f->items[0] = 8;
  f->items[1] = 9;
  enums();
  printf("old %d %d %d\n", e.count, e.after[0] + e.after[1] + e.after[2],
         f->items[1]);
  free(f);
}

struct two_ints {
  int a, b;
};
FRAME atomics(void) {
  _Atomic int counter = 40;
  _Atomic(struct two_ints) both = (struct two_ints){7, 8};
  volatile int v = 12;
  const int c = two + 11;
  counter++;
  zero();
  struct two_ints now = both;
  printf("old %d %d %d %d\n", counter, now.a, v, c);
}

struct argument {
  int a, b, c;
  int more[4];
};
FRAME byval(struct argument by, int last) {
  register int held asm("r12") = 40 + two * 2;
  atomics();
  asm volatile("" : "+r"(held));
  printf("old %d %d %d %d\n", by.a, by.b, held, last);
}

struct result {
  int a, b;
};
struct big_result {
  int a[10];
  int b;
};
__attribute__((noinline)) static struct big_result big(int n) {
  struct big_result r = {{n}, n + 1};
  byval((struct argument){1, 2, 3, {0}}, 4);
  r.b++;
  return r;
}
__attribute__((noinline)) static struct result small(int n) {
  struct big_result kept = big(3);
  printf("old %d\n", kept.a[0]);
  return (struct result){n, n + 1};
}
FRAME results(void) {
  struct result got = small(11);
  printf("old %d %d\n", got.a, got.b);
}

FRAME literals(void) {
  int *at = (int[]){1, 2, two + 1};
  const char *text = (char[]){'a', 'b', 'c', 0};
  int grown[3] = {1, 2, 3}, shrunk[3] = {4, 5, 6};
  int *inside = &grown[1];
  results();
  printf("old %d %s %d %d\n", at[0], text, *inside,
         shrunk[0] + shrunk[1] + shrunk[2]);
}

struct three {
  int a, b, c;
};
FRAME designated(void) {
  __label__ again;
  typeof(two + 0L) value = 5;
  __auto_type other = 6;
  struct three set = {.b = 9};
  int rounds = 0;
again:
  if (rounds++ == 0)
    literals();
  if (rounds < 3)
    goto again;
  printf("old %ld %d %d\n", value, other,
         set.a + set.b + set.c);
}

struct mixed {
  long l;
  double d;
};
struct floats {
  float a, b, c;
};
__attribute__((noinline)) static struct mixed get_mixed(int n) {
  struct mixed m = {n, 2.5};
  if (n)
    designated();
  return m;
}
__attribute__((noinline)) static struct floats get_floats(void) {
  struct floats f = {3, 4.5f, 5.5f};
  struct mixed m = get_mixed(1);
  f.a += (float)(m.l - 1);
  return f;
}
__attribute__((noinline)) static char get_char(void) {
  struct floats f = get_floats();
  printf("old %g\n", f.a);
  return 'x';
}
int main(void) {
  printf("old %c\n", get_char());
  return 1;
}

//--- v2/main.c
#include "../common.h"

static void print_wide(__int128 value) {
  char digits[48];
  int at = 47;
  digits[at] = 0;
  for (unsigned __int128 rest = (unsigned __int128)value; rest; rest /= 10)
    digits[--at] = (char)('0' + (int)(rest % 10));
  printf("wide %s", digits + at);
}
FRAME wide(void) {
  __int128 big = 0;
  int flag = 0;
  double extended = 0;
  float half = 0;
  __float128 quad = 0;
  point();
  print_wide(big);
  printf(" %d %g %g %g\n", flag, extended, (double)half, (double)quad);
}

FRAME complexes(void) {
  double complex f = 0;
  double complex d = 0;
  long double complex l = 0;
  wide();
  printf("complex %g %g %g %g %Lg %Lg\n", creal(f), cimag(f), creal(d),
         cimag(d), creall(l), cimagl(l));
}

FRAME vectors(void) {
  float4 a = {0};
  double4 b = {0};
  short3 c = {0, 0, 0};
  complexes();
  printf("vectors %g %g %g %g %g %g %g %g %d %d %d\n", a[0], a[1], a[2], a[3],
         b[0], b[1], b[2], b[3], c.x, c.y, c.z);
}

struct bits {
  unsigned a : 5;
  unsigned added : 7;
  long long b : 40;
  unsigned c : 2;
  unsigned more : 1;
  int tail;
};
FRAME bits(void) {
  struct bits value = {0};
  struct bits *pointer = &value;
  struct bits plain = value;
  vectors();
  printf("bits %d %d %d %d 77 tail %d\n", pointer->a, (int)plain.b, pointer->c,
         plain.added + pointer->more, plain.tail + plain.a - 5);
}

union number {
  int i;
  float f;
};
union same {
  double d;
  long l;
};
FRAME unions(void) {
  union number first = {.i = 0};
  union same second = {.d = 0};
  bits();
  printf("unions %g %u\n", second.d, (unsigned)first.i);
}

struct nest {
  int d;
  struct {
    int c, b;
  };
  int added;
  union {
    int a;
    float f;
  };
};
FRAME members(void) {
  struct nest nest = {0};
  struct nest *at = &nest;
  unions();
  printf("members %d %d %d %d added %d\n", at->a, at->b, nest.c, nest.d,
         nest.added);
}

struct squeezed {
  long b;
  char a;
  int c;
};
struct line {
  _Alignas(128) int number;
};
FRAME packed(void) {
  struct squeezed p = {0};
  struct squeezed *at = &p;
  struct line line = {0};
  _Alignas(256) int local = 0;
  int *volatile kept = &local;
  members();
  printf("packed %d %ld %d aligned %d %d %d %d\n", at->a, p.b, p.c,
         (uintptr_t)&line % 128 == 0, (uintptr_t)kept % 256 == 0, line.number,
         *kept);
}

enum color { zeroth = 1, first, second, added, third = 7 };
FRAME enums(void) {
  enum color mine = first, last = first;
  enum color *at = &last;
  packed();
  printf("enums second %d third %d\n", mine, *at);
}

struct empty {
  long count;
  int none[0];
  long after[3];
};
struct flexible {
  int count;
  int items[];
};
FRAME zero(void) {
  struct empty e = {0};
  struct flexible *f = NULL;
  enums();
  printf("zero %ld %ld %ld %ld flexible %d %d %d\n", e.count, e.after[0],
         e.after[1], e.after[2], f->count, f->items[0], f->items[1]);
  free(f);
}

struct two_ints {
  int a, b;
};
FRAME atomics(void) {
  _Atomic int counter = 0;
  _Atomic(struct two_ints) both = (struct two_ints){0, 0};
  volatile long v = 0;
  const long c = 0;
  zero();
  struct two_ints now = both;
  printf("atomics %d %d %d volatile %ld const %ld\n", counter, now.a, now.b, v,
         *(&c));
}

struct argument {
  int a, added, b;
  long c;
  int more[6];
};
FRAME byval(struct argument by, int last) {
  register int held asm("r12") = 0;
  atomics();
  asm volatile("" : "+r"(held));
  printf("byval %d %d %d %ld register %d\n", by.a, by.added, by.b, by.c, held);
  (void)last;
}

struct result {
  int a, added, b;
};
struct big_result {
  int a[10];
  int added;
  int b;
};
__attribute__((noinline)) static struct big_result big(int n) {
  struct big_result r = {{n}, 0, n + 1};
  byval((struct argument){1, 0, 2, 3, {0}}, 4);
  return r;
}
__attribute__((noinline)) static struct result small(int n) {
  struct big_result kept = big(3);
  printf("sret %d 0 %d big %d %d %d\n", n, n + 1, kept.a[0], kept.added, kept.b);
  return (struct result){n, 0, n + 1};
}
FRAME results(void) {
  struct result got = small(11);
  if (got.a != 11 || got.added || got.b != 12)
    printf("wrong %d %d %d\n", got.a, got.added, got.b);
}

FRAME literals(void) {
  int *at = (int[]){0, 0, 0};
  const char *text = (char[]){0, 0, 0, 0};
  int grown[5] = {0}, shrunk[2] = {0};
  int *inside = &grown[1];
  results();
  printf("literals %d %d %d text %s grown %d %d %d %d %d shrunk %d %d\n", at[0],
         at[1], at[2], text, inside[-1], inside[0], grown[2], grown[3],
         grown[4], shrunk[0], shrunk[1]);
}

struct three {
  int a, b, c;
};
FRAME designated(void) {
  __label__ again;
  typeof(two + 0LL) value = 0;
  __auto_type other = 0L;
  struct three set = {.c = 1};
  int rounds = 0;
again:
  if (rounds++ == 0)
    literals();
  if (rounds < 3)
    goto again;
  printf("typeof %lld %ld initialised %d %d %d label %d\n", value, other, set.a,
         set.b, set.c, rounds);
}

struct mixed {
  long l;
  double d;
};
struct floats {
  float a, b, c;
};
__attribute__((noinline)) static struct mixed get_mixed(int n) {
  struct mixed m = {0, 0};
  if (n)
    designated();
  return m;
}
__attribute__((noinline)) static struct floats get_floats(void) {
  struct floats f = {0, 0, 0};
  struct mixed m = get_mixed(1);
  printf("registers %ld %g", m.l, m.d);
  return f;
}
__attribute__((noinline)) static char get_char(void) {
  struct floats f = get_floats();
  printf(" %g %g %g 6", f.a, f.b, f.c);
  return 'x';
}
int main(void) {
  printf(" %c\n", get_char());
  return 0;
}
