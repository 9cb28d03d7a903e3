// Calls at the end of a scope have the location of the scope around it; what the
// second of them needs was taken for out of scope while the first ran.
// RUN: %identity_sweep %t.O0 %s -O0
// RUN: %identity_sweep %t.O1 %s -O1
// RUN: %identity_sweep %t.O2 %s -O2

#include <stdio.h>

static volatile int two = 2;

static void point(void) {
  int i = 0;
  do
    i++;
  while (i < two);
}
__attribute__((noinline)) static void print(int *p) { printf("%d\n", *p); }
__attribute__((noinline)) static void wait(int *p) { point(); }

__attribute__((noinline)) static int f(int n) {
  {
    __attribute__((cleanup(print))) int b = n;
    __attribute__((cleanup(wait))) int c = n + 1;
    __attribute__((cleanup(wait))) int d = n + 2;
    if (n == 43)
      return b;
  }
  return n;
}

int main(void) {
  printf("%d\n", f(42) + f(43));
  return 0;
}
