// Calls in tail position, which the optimiser may turn into jumps.
// RUN: %identity_sweep %t %s -O0
// RUN: %identity_sweep %t %s -O1
// RUN: %identity_sweep %t %s -O2
// RUN: %identity_sweep %t %s -O3
// RUN: %identity_sweep %t %s -O2 -flto

#include "Inputs/sweep.h"

static long bounce(int n, long sum);

NOINLINE static long pong(int n, long sum) {
  mix(sum);
  return bounce(n - 1, sum * 3 + n);
}

NOINLINE static long bounce(int n, long sum) {
  if (n <= 0)
    return sum;
  return n % 2 ? pong(n, sum ^ 1) : bounce(n - 1, sum + opaque(n));
}

// The caller has work left, the callees have none.
NOINLINE static void leave(int n) {
  mix(n);
  point();
}
NOINLINE static void leave_twice(int n) {
  point();
  leave(n + 1);
}
NOINLINE static long caller(int n) {
  int kept = n * 17;
  leave_twice(n);
  leave_twice(kept);
  return kept + n;
}

static long by_pointer(int n);
static long (*volatile next)(int) = by_pointer;
static long by_pointer(int n) { return n > 0 ? next(n - 1) : opaque(99); }

#if defined(__clang__) && defined(__OPTIMIZE__)
#define MUSTTAIL __attribute__((musttail))
#else
#define MUSTTAIL
#endif

// A state machine made of jumps.
NOINLINE static long state_a(const char *text, long value);
NOINLINE static long state_b(const char *text, long value) {
  point();
  if (!*text)
    return value;
  MUSTTAIL return state_a(text + 1, value * 5 + *text);
}
NOINLINE static long state_a(const char *text, long value) {
  if (*text == 'x')
    MUSTTAIL return state_b(text + 1, value + 1);
  if (!*text)
    return -value;
  MUSTTAIL return state_b(text, value ^ *text);
}

int main(void) {
  mix(bounce(15, 1));
  report("bounce");
  mix(caller(3));
  report("leave");
  mix(by_pointer(6));
  report("pointer");
  mix(state_a("abxcdxe", 7));
  report("states");
  return 0;
}
