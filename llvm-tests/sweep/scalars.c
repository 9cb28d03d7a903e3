// Every scalar type as parameter, local, result and behind a pointer.
// RUN: %identity_sweep %t %s -O0
// RUN: %identity_sweep %t %s -O1
// RUN: %identity_sweep %t %s -O2
// RUN: %identity_sweep %t %s -O3
// RUN: %identity_sweep %t %s -O2 -flto
// RUN: %identity_sweep %t %s -O3 -flto=thin

#include "Inputs/sweep.h"

#include <stdbool.h>

enum color { RED, GREEN = 5, BLUE = -3 };

// The value is held across a point as a parameter, a register, a local whose
// address is taken, and the result of the call itself.
#define SCALAR(NAME, TYPE, A, B)                                               \
  NOINLINE static TYPE pass_##NAME(TYPE first, TYPE second) {                  \
    TYPE sum = (TYPE)(first + second);                                         \
    TYPE kept = first;                                                         \
    TYPE *volatile address = &kept;                                            \
    point();                                                                   \
    *address = (TYPE)(*address + sum);                                         \
    point();                                                                   \
    return (TYPE)(kept + second + sum);                                        \
  }                                                                            \
  NOINLINE static void test_##NAME(void) {                                     \
    TYPE a = (TYPE)(A), b = (TYPE)(B);                                         \
    TYPE r = pass_##NAME(a, b);                                                \
    TYPE s = (TYPE)(pass_##NAME(b, r) + pass_##NAME(r, a));                    \
    mix((long)r);                                                              \
    mix((long)s);                                                              \
    mix((long)a - (long)b);                                                    \
    report(#NAME);                                                             \
  }

SCALAR(bool, bool, 1, 0)
SCALAR(char, char, 'a', 3)
SCALAR(schar, signed char, -7, 100)
SCALAR(uchar, unsigned char, 200, 99)
SCALAR(short, short, -30000, 1234)
SCALAR(ushort, unsigned short, 60000, 7777)
SCALAR(int, int, -2000000, 1000001)
SCALAR(uint, unsigned, 4000000000u, 3)
SCALAR(long, long, -4000000000000, 123456789)
SCALAR(ulong, unsigned long, 0xfedcba9876543210, 5)
SCALAR(llong, long long, 0x123456789abcdef, -1)
SCALAR(int128, __int128, ((__int128)1 << 100) + 12345, -77)
SCALAR(uint128, unsigned __int128, ((unsigned __int128)7 << 110), 99)
SCALAR(float, float, 1.5f, -2.25f)
SCALAR(double, double, 1e10, 3.75)
SCALAR(ldouble, long double, 1e12L, 0.125L)
SCALAR(enum, enum color, GREEN, BLUE)

NOINLINE static const char *pass_pointer(const char *text, int *count) {
  const char *next = text + 1;
  point();
  ++*count;
  point();
  return next + (*text == 'a' && *next);
}

int main(void) {
  test_bool();
  test_char();
  test_schar();
  test_uchar();
  test_short();
  test_ushort();
  test_int();
  test_uint();
  test_long();
  test_ulong();
  test_llong();
  test_int128();
  test_uint128();
  test_float();
  test_double();
  test_ldouble();
  test_enum();
  int count = 0;
  const char *text = "abracadabra";
  while (*text) {
    mix(*text);
    text = pass_pointer(text, &count);
  }
  mix(count);
  report("pointer");
  return count;
}
