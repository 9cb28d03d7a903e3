// Calls added before, after and around the active one; the active function
// renamed; a parameter dropped.
// RUN: %update_at %t %s 3

// CHECK: v1 prepare
// CHECK-NEXT: v1 work 1
// CHECK-NEXT: v2 worked 1 of 3
// CHECK-NEXT: added after
// CHECK-NEXT: added before
// CHECK-NEXT: v2 work 2
// CHECK-NEXT: v2 worked 2 of 3
// CHECK-NEXT: added after
// CHECK-NEXT: v2 end 2
// CHECK-NEXT: status 0

//--- v1/main.c
#include <stdio.h>
#include "point.h"

__attribute__((noinline)) static void prepare(void) {
  point();
  printf("v1 prepare\n");
}

__attribute__((noinline)) static void work(int n, int total, int unused) {
  printf("v1 work %d\n", n);
  point();
  point();
  printf("v1 worked %d of %d\n", n, total);
}

int main(void) {
  int n = 0;
  prepare();
  while (n < 2) {
    n++;
    work(n, 3, 4);
  }
  printf("v1 end %d\n", n);
  return 1;
}

//--- v2/main.c
#include <stdio.h>
#include "point.h"

__attribute__((noinline)) static void prepare(void) {
  point();
  printf("v2 prepare\n");
}

__attribute__((noinline)) static void added(const char *when) {
  point();
  printf("added %s\n", when);
}

__attribute__((noinline)) static void toil(int n, int total) {
  printf("v2 work %d\n", n);
  point();
  point();
  printf("v2 worked %d of %d\n", n, total);
}

int main(void) {
  int n = 0;
  prepare();
  while (n < 2) {
    n++;
    if (n > 1)
      added("before");
    toil(n, 3);
    added("after");
  }
  printf("v2 end %d\n", n);
  return 0;
}
