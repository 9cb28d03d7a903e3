// Code that checks for undefined behaviour, the kind of functions that are
// called, or leaks, is updated as any other; the new code has its checks.
// RUN: %update_at %t %s 1 '-O0 -fsanitize=undefined' \
// RUN:   '-O2 -fsanitize=undefined -fsanitize-trap=undefined' \
// RUN:   '-O1 -fsanitize=undefined,integer -fsanitize-minimal-runtime' \
// RUN:   '-O2 -fsanitize=kcfi' \
// RUN:   '-O2 -fsanitize=undefined -fno-sanitize-recover=all'

// CHECK: new: 9 for 4 5, new function 20
// CHECK-NEXT: kept by a local 1, by a variable 2
// CHECK-NEXT: status 0

// RUN: not env UPSTARE_APPLY_AT=1:%t/patch.so %t/v1.exe wrong 2>&1 \
// RUN:   | FileCheck %s --check-prefix=ERROR
// ERROR: new: 9 for 4 5
// ERROR: main.c:{{.*}}: runtime error: signed integer overflow: 2147483647 + 1 cannot be represented in type 'int'

// What is kept only by a variable that has moved is no leak; what is lost is one.
// RUN: %update_at %t %s 1 '-O1 -fsanitize=leak'
// RUN: not env UPSTARE_APPLY_AT=1:%t/patch.so %t/v1.exe wrong 2>&1 \
// RUN:   | FileCheck %s --check-prefix=LEAK
// LEAK: new: 9 for 4 5
// LEAK: LeakSanitizer: 100 byte(s) leaked in 1 allocation(s)

//--- both/main.c
#include "point.h"
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
struct item {
#if V == 2
  char added[24];
#endif
  int value;
  int *heap;
};
static int add(int a, int b) { return a + b; }
static int (*volatile kept)(int, int) = add;
#if V == 2
static int multiply(int a, int b) { return a * b; }
#define MULTIPLY multiply
#else
#define MULTIPLY add
#endif
static struct item items[3] = {{.value = INT_MAX}, {.value = 2}};

__attribute__((noinline)) static int *number(int n) {
  int *p = malloc(sizeof *p);
  *p = n;
  return p;
}

int main(int argc, char **argv) {
  struct item local[2] = {{.value = 5}, {.value = 6}}, *of_local = local;
  int vla[argc + 3];
  vla[3] = 4;
  items[1].heap = number(2);
  of_local[1].heap = number(1);
  void *volatile lost = argc > 1 ? malloc(100) : 0;
  point();
  int (*volatile added)(int, int) = MULTIPLY;
  int sum = kept(vla[3], of_local->value);
  printf("%s: %d for %d %d, ", V == 1 ? "old" : "new", sum, vla[3],
         of_local->value);
  printf("new function %d\n", added(vla[3], of_local->value));
  lost = 0;
  fflush(stdout);
  if (argc > 1)
    items[0].value = kept(items[0].value, 1);
  printf("kept by a local %d, by a variable %d\n", *of_local[1].heap,
         *items[1].heap);
  free(of_local[1].heap);
  return 0;
}
