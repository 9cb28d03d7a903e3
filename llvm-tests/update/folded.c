// Functions that the linker folded into one go on if their code is the same.
// RUN: %update_at %t %s 1 '-O2 -Wl,--icf=all' '-O2 -fsanitize=undefined'
// CHECK: v2
// CHECK-NEXT: 2 3 2 2 5 3.25
// CHECK-NEXT: eq 1 1 1 1 tab 21
// CHECK-NEXT: status 0

//--- both/main.c
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "point.h"
#if V == 1
#define W "v1"
#else
#define W "v2"
#endif
#include <dlfcn.h>
__attribute__((visibility("hidden"))) int hid = 1;
__attribute__((visibility("protected"))) int prot = 2;
__attribute__((visibility("protected"))) int protf(void) { return V; }
__attribute__((visibility("hidden"))) int hidf(void) { return V; }
int exported(void) { return V; }
int same1(int x) { return x * 3 + 1; }
int same2(int x) { return x * 3 + 1; }
static int same3(int x) { return x * 3 + 1; }
int unused_fn(void) { return 77 + hid; }
int unused_data[100] = {1};
int big[1000];
double dd(double x) { return x * 1.5 + 0.25; }
int (*tab[3])(int) = {same1, same2, same3};
int main(void) {
  hid++; prot++; big[5] = 5;
  int eq = same1 == same2;
  point();
  puts(W);
  printf("%d %d %d %d %d %g\n", hid, prot, protf(), hidf(), big[5], dd(2));
  printf("eq %d %d %d %d tab %d\n", (same1 == same2) == eq, tab[0] == same1, tab[1] == same2, tab[2] == same3, tab[0](1) + tab[1](2) + tab[2](3));
  int (*dl)(void) = dlsym(RTLD_DEFAULT, "exported");
  if (dl) printf("dl %d %d\n", dl(), dl == exported);
  return 0;
}
