// Inlined callees: one landing pad holds the frames of several functions.
// RUN: %identity_sweep %t %s -O0
// RUN: %identity_sweep %t %s -O1
// RUN: %identity_sweep %t %s -O2
// RUN: %identity_sweep %t %s -O3
// RUN: %identity_sweep %t %s -O2 -flto
// RUN: %identity_sweep %t %s -O3 -flto=thin

#include "Inputs/sweep.h"

#define INLINE static inline __attribute__((always_inline))

struct pair {
  long a, b;
};

INLINE long innermost(long x, long *out) {
  long kept = x * 3;
  point();
  *out += kept;
  return kept - 1;
}

INLINE struct pair middle(struct pair p, int n) {
  struct pair local = {p.a + n, p.b};
  long escaped = n;
  for (int i = 0; i < n; i++)
    local.a += innermost(local.b + i, &escaped);
  local.b ^= escaped;
  return local;
}

static long outer(int n) {
  struct pair p = {n, n * 2};
  long before = p.a * 31;
  p = middle(p, n);
  long between = opaque(p.a);
  p = middle(p, 2);
  return before + between * 3 + p.a * 5 + p.b * 7;
}

// Inlined into a loop, into itself once, and into two callers.
static int count_down(int n) {
  int sum = 0;
  while (n > 0) {
    sum += n;
    n -= (int)opaque(1);
  }
  return sum;
}
NOINLINE static int caller_one(int n) { return count_down(n) * 2 + n; }
NOINLINE static int caller_two(int n) { return count_down(n + 1) - n; }

static int halves(int n) { return n < 2 ? (int)opaque(n) : halves(n / 2) + 1; }

// Removed after inlining: only its inlined copies exist.
static void once(const char *text, char *to) {
  size_t length = strlen(text);
  for (size_t i = 0; i < length; i++) {
    to[i] = (char)(text[i] ^ 1);
    if (i % 3 == 0)
      point();
  }
  to[length] = '\0';
}

int main(void) {
  for (int n = 1; n < 5; n++)
    mix(outer(n));
  report("outer");
  for (int n = 1; n < 4; n++)
    mix(caller_one(n) + caller_two(n) * 100);
  report("callers");
  mix(halves(100));
  report("halves");
  char text[32];
  once("inlined and gone", text);
  puts(text);
  return 0;
}
