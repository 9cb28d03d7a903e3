// Fifty locals alive at once, by value and with their address taken.
// RUN: %identity_sweep %t %s -O0
// RUN: %identity_sweep %t %s -O2
// RUN: %identity_sweep %t %s -O3

#include "Inputs/sweep.h"

#define TEN(X, N)                                                              \
  X(N##0) X(N##1) X(N##2) X(N##3) X(N##4)                                      \
  X(N##5) X(N##6) X(N##7) X(N##8) X(N##9)
#define FIFTY(X) TEN(X, v1) TEN(X, v2) TEN(X, v3) TEN(X, v4) TEN(X, v5)

#define DECLARE(NAME) long NAME = opaque(start++ * 3);
#define DECLARE_DOUBLE(NAME) double NAME = (double)opaque(start++) / 8;
#define DECLARE_SHORT(NAME) short NAME = (short)opaque(start++);
#define MIX(NAME) mix((long)NAME);
#define STEP(NAME) NAME += NAME / 3 + 1;
#define ADDRESS(NAME) addresses[n++] = &NAME;

NOINLINE static void longs(int start) {
  FIFTY(DECLARE)
  for (int i = 0; i < 3; i++) {
    point();
    FIFTY(STEP)
  }
  FIFTY(MIX)
}

NOINLINE static void doubles(int start) {
  FIFTY(DECLARE_DOUBLE)
  for (int i = 0; i < 3; i++) {
    point();
    FIFTY(STEP)
  }
  FIFTY(MIX)
}

NOINLINE static void pinned(int start) {
  short *addresses[50];
  int n = 0;
  FIFTY(DECLARE_SHORT)
  FIFTY(ADDRESS)
  for (int i = 0; i < n; i++) {
    if (i % 7 == 0)
      point();
    *addresses[i] = (short)(*addresses[i] * 3 + i);
  }
  FIFTY(MIX)
}

int main(void) {
  longs(1);
  report("longs");
  doubles(2);
  report("doubles");
  pinned(3);
  report("pinned");
  return 0;
}
