// main's forms: three arguments, called by itself; functions in the style of K&R
// called without prototypes; a static array that grows, with a pointer into it;
// quick_exit with its handlers.
// RUN: rm -rf %t && split-file %s %t && cd %t
// RUN: for flags in -O0 '-O2 -fPIE' '-O2 -flto'; do \
// RUN:   for v in 1 2; do %upstare_cc $flags -w -std=gnu11 -DV=$v -I%S/Inputs main.c other.c -o v$v || exit 1; done; \
// RUN:   %patchgen v1 v2 -o patch.so && %patchgen v1 v1 -o same.so || exit 1; \
// RUN:   (UPSTARE_APPLY_AT=1:%t/patch.so ./v1 a b; echo "status $?") > output; FileCheck %s < output || exit 1; \
// RUN:   (./v1 a b; echo "status $?") > expected; (UPSTARE_APPLY_EVERY=1:%t/same.so ./v1 a b; echo "status $?") > output; \
// RUN:   diff expected output || exit 1; done

// CHECK: depth 3 of main, 3 arguments, environment 1
// CHECK-NEXT: sum 15 half 6.5 through a pointer 4
// CHECK-NEXT: array 21 of 6, pointed to 2
// CHECK-NEXT: quick exit v2
// CHECK-NEXT: status 4

//--- main.c
#include "point.h"
#include <stdio.h>
#include <stdlib.h>
#if V == 1
static int table[3] = {1, 2, 3};
#else
static int table[6] = {1, 2, 3, 4, 5, 6};
#endif
static int *pointed = &table[1];
static int depth;
int sum();
double half();
extern int (*throughPointer)();
static void bye(void) {
  printf("quick exit v%d\n", V);
  fflush(stdout);
}
int main(int argc, char **argv, char **environment) {
  int total = 0, entries = sizeof table / sizeof *table;
  if (++depth < 3)
    return main(argc, argv, environment) + 1;
  at_quick_exit(bye);
  point();
  printf("depth %d of main, %d arguments, environment %d\n", depth, argc, environment != 0);
  printf("sum %d", sum(1, 2));
  printf(" half %.1f", half(13.0f));
  printf(" through a pointer %d\n", throughPointer(3));
#pragma clang loop unroll(full)
  for (int i = 0; i < entries; i++)
    total += table[i];
  printf("array %d of %d, pointed to %d\n", total, entries, *pointed);
  quick_exit(4);
}
//--- other.c
int sum(a, b)
int a;
int b;
{ return a + b + 6 * V; }
double half(x)
float x;
{ return x / 2; }
static int next(x)
char x;
{ return x + V - 1; }
int (*throughPointer)() = next;
