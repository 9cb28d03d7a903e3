// Weak symbols: tested against null, and overridden in one version or the other.
// RUN: %update_at %t %s 1 -O0 -O2
// CHECK: v2
// CHECK-NEXT: hook
// CHECK-NEXT: never 0 wnone 0
// CHECK-NEXT: wvar 5
// CHECK-NEXT: 2 12
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
extern void hook(void) __attribute__((weak));
extern void never(void) __attribute__((weak));
extern int wvar __attribute__((weak));
extern int wnone __attribute__((weak));
#if V == 2
void hook(void) { puts("hook"); }
int wvar = 5;
#endif
#if V == 1
__attribute__((weak)) int impl(void) { return 1; }
#else
int impl(void) { return 2; }
#endif
#if V == 2
__attribute__((weak)) int impl2(void) { return 12; }
#else
int impl2(void) { return 11; }
#endif
int main(void) {
  point();
  printf(W "\n");
  if (hook) hook(); else puts("no hook");
  printf("never %d wnone %d\n", never != 0, &wnone != 0);
  if (&wvar) printf("wvar %d\n", wvar);
  printf("%d %d\n", impl(), impl2());
  return 0;
}
