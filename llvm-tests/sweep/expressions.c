// Values that live in registers across calls inside one expression.
// RUN: %identity_sweep %t %s -O0
// RUN: %identity_sweep %t %s -O1
// RUN: %identity_sweep %t %s -O2
// RUN: %identity_sweep %t %s -O3
// RUN: %identity_sweep %t %s -O2 -flto

#include "Inputs/sweep.h"

static int calls;

NOINLINE static int f(int x) {
  calls++;
  return (int)opaque(x) + 1;
}
NOINLINE static double g(int x) {
  calls += 2;
  return (double)opaque(x) / 4;
}
NOINLINE static long h(int x) {
  calls += 3;
  return opaque(x) << 20;
}
NOINLINE static int sum7(int a, long b, int c, double d, int e, long p, int q) {
  point();
  return (int)(a + b + c + d + e + p + q);
}

NOINLINE static void arithmetic(int x) {
  mix(f(x) + h(x + 1) * f(x + 2) - (f(x + 3) ^ h(x)));
  mix_double(g(x) * g(x + 1) + f(x) / g(x + 2) - h(x));
  mix(f(f(f(x) + f(x + 1)) * 2));
  mix(sum7(f(x), h(1), f(2) + f(3), g(4), x, h(5) - f(6), f(x) * x));
}

NOINLINE static void logic(int x) {
  int a = f(x) > 3 && f(x + 1) < 9 && h(x) != 0;
  int b = f(x) > 100 || g(x) > 50 || h(x + 1) == 77 || f(1);
  int c = f(x) > 4 ? f(x) + f(2) : h(x) ? f(3) * 2 : f(4);
  int d = (f(x), f(x + 1), f(x + 2));
  mix(a + 2 * b + 4 * c + 8 * d);
  mix((f(x) & 1 ? f : (int (*)(int))f)(x + 5) - (a ? f(a) : f(b)));
  mix(!f(x) + -f(x) + ~f(x));
}

NOINLINE static void places(int x) {
  int array[6] = {1, 2, 3, 4, 5, 6};
  int *p = array;
  array[f(x) % 6] += f(x + 1);
  *p++ = f(2);
  p[f(0)] = *p + f(3);
  array[5] = p[f(0)]++ + --*p;
  for (int i = 0; i < 6; i++)
    mix(array[i]);
  mix(p - array);
}

struct point3 {
  int x, y, z;
};
NOINLINE static int norm(struct point3 p) {
  point();
  return p.x + p.y * 10 + p.z * 100;
}

NOINLINE static void literals(int x) {
  mix(norm((struct point3){f(x), .z = f(x + 1), .y = f(x + 2)}));
  int *p = (int[]){f(1), f(2), x};
  point();
  mix(p[0] + p[1] * 10 + p[2] * 100);
  const char *text = (char[]){'a', (char)('a' + f(x)), 0};
  point();
  mix(text[1]);
}

int main(void) {
  for (int x = 1; x < 4; x++) {
    arithmetic(x);
    logic(x);
    places(x);
    literals(x);
  }
  int spins = 0;
  while (f(spins) < 8 && spins + f(spins) < 14)
    spins += f(0);
  mix(spins);
  mix(calls);
  report("expressions");
  return calls & 63;
}
