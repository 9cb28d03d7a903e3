// Static variables of functions that move out of their function, into one, or with a
// function that is renamed. One of another function with the same name is another
// one, and patchgen tells so.
// RUN: %update_at %t %s 3 2>&1 | FileCheck %s --check-prefix=WARNING
// WARNING: warning: variable 'tally.seen' (main.c:{{[0-9]+}}) is new and starts with its initialiser, though the old program has 'look.seen' (main.c:{{[0-9]+}}); if they are one, name both in upstare_renames

// CHECK: 11 101 1001 5001
// CHECK-NEXT: v2 12 102 1002 5002
// CHECK-NEXT: v2 13 103 1003 7001
// CHECK-NEXT: v2 14 104 1004 7002
// CHECK-NEXT: status 0

//--- v1/main.c
#include <stdio.h>
#include "point.h"
static int total = 100;
__attribute__((noinline)) static int count(void) {
  static int inside = 10;
  return ++inside;
}
__attribute__((noinline)) static int sum(void) { return ++total; }
__attribute__((noinline)) static int serve(int round) {
  static int uses = 1000;
  point();
  return uses += round > 0;
}
__attribute__((noinline)) static int look(void) {
  static int seen = 5000;
  return ++seen;
}
int main(void) {
  for (int i = 0; i < 4; i++) {
    int a = count(), b = sum(), d = look(), c = serve(i + 1);
    printf("%d %d %d %d\n", a, b, c, d);
  }
  return 0;
}

//--- v2/main.c
#include <stdio.h>
#include "point.h"
static int inside = 10;
__attribute__((noinline)) static int count(void) { return ++inside; }
__attribute__((noinline)) static int sum(void) {
  static int total = 100;
  return ++total;
}
__attribute__((noinline)) static int answer(int round) {
  static int uses = 1000;
  point();
  return uses += round > 0;
}
__attribute__((noinline)) static int tally(void) {
  static int seen = 7000;
  seen++;
  return seen;
}
int main(void) {
  for (int i = 0; i < 4; i++) {
    int a = count(), b = sum(), d = tally(), c = answer(i + 1);
    printf("v2 %d %d %d %d\n", a, b, c, d);
  }
  return 0;
}
