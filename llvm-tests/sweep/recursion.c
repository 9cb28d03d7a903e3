// Recursion, simple, double and mutual, with values of every frame used on the way
// back.
// RUN: %identity_sweep %t %s -O0
// RUN: %identity_sweep %t %s -O1
// RUN: %identity_sweep %t %s -O2
// RUN: %identity_sweep %t %s -O3
// RUN: %identity_sweep %t %s -O2 -flto
// RUN: %identity_sweep %t %s -O2 -flto=thin

#include "Inputs/sweep.h"

NOINLINE static long fib(int n, long salt) {
  if (n < 2)
    return salt + n;
  long left = fib(n - 1, salt * 3 + 1);
  long right = fib(n - 2, salt ^ 0x55);
  mix(left - right);
  return left * 31 + right;
}

struct pair {
  int small;
  long big;
};

static struct pair odd(int n, struct pair p);

NOINLINE static struct pair even(int n, struct pair p) {
  if (n == 0)
    return p;
  struct pair next = {p.small + n, p.big * 3};
  struct pair result = odd(n - 1, next);
  mix(next.small + p.big);
  result.big += p.small;
  return result;
}

NOINLINE static struct pair odd(int n, struct pair p) {
  if (n == 0)
    return p;
  struct pair next = {p.small - n, p.big ^ 0x1234};
  struct pair result = even(n - 1, next);
  mix(next.big - p.small);
  result.small ^= (int)p.big;
  return result;
}

// Three functions on one cycle, one of them reached through a pointer.
static int descend(int n);
static int (*volatile through)(int) = descend;

NOINLINE static int twist(int n) { return through(n - 1) * 2 + n; }

NOINLINE static int descend(int n) {
  if (n <= 0)
    return 1;
  int below = n & 1 ? twist(n) : descend(n - 2);
  return below + n * 7;
}

static unsigned ackermann(unsigned m, unsigned n) {
  if (m == 0)
    return n + 1;
  if (n == 0)
    return ackermann(m - 1, 1);
  return ackermann(m - 1, ackermann(m, n - 1));
}

int main(void) {
  mix(fib(6, 5));
  report("fib");
  struct pair p = even(20, (struct pair){1, 2});
  mix(p.small);
  mix(p.big);
  report("mutual");
  mix(descend(21));
  report("pointer");
  mix(ackermann(2, 2));
  report("ackermann");
  return (int)(checksum & 63);
}
