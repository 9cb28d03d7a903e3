// Statics: of a function, of two files under one name, and one that a new version
// adds to a file.
// RUN: %update_at %t %s 4

// CHECK: a 1 b 101 local 31
// CHECK-NEXT: v2 a 2 b 102 local 32 new 50
// CHECK-NEXT: v2 a 3 b 103 local 33 new 51
// CHECK-NEXT: v2 a 4 b 104 local 34 new 52
// CHECK-NEXT: status 0

//--- v1/a.c
#include "common.h"
static int count;
__attribute__((noinline)) static int helper(void) { return ++count; }
int a(void) {
  point();
  return helper();
}
//--- v1/b.c
#include "common.h"
static int count = 100;
__attribute__((noinline)) static int helper(void) { return ++count; }
int b(int *out) {
  static int local = 30;
  *out = ++local;
  return helper();
}
//--- v1/main.c
#include "common.h"
int main(void) {
  for (int i = 0; i < 4; i++) {
    int x = a();
    int z;
    int y = b(&z);
    point();
    printf("a %d b %d local %d\n", x, y, z);
  }
  return 1;
}
//--- v1/common.h
#include <stdio.h>
void point(void);
int a(void);
int b(int *out);
//--- v1/point.c
#include "common.h"
static volatile int two = 2;
void point(void) {
  int i = 0;
  do
    i++;
  while (i < two);
}

//--- v2/a.c
#include "common.h"
static int count;
__attribute__((noinline)) static int helper(void) { return ++count; }
int a(void) {
  point();
  return helper();
}
//--- v2/b.c
#include "common.h"
static int fresh = 48;
static int count = 100;
__attribute__((noinline)) static int helper(void) { return ++count; }
int b(int *out) {
  static int local = 30;
  *out = ++local;
  return helper();
}
int b_fresh(void) { return ++fresh + 1; }
//--- v2/main.c
#include "common.h"
int main(void) {
  for (int i = 0; i < 4; i++) {
    int x = a();
    int z;
    int y = b(&z);
    point();
    printf("v2 a %d b %d local %d new %d\n", x, y, z, b_fresh());
  }
  return 0;
}
//--- v2/common.h
#include <stdio.h>
void point(void);
int a(void);
int b(int *out);
int b_fresh(void);
//--- v2/point.c
#include "common.h"
static volatile int two = 2;
void point(void) {
  int i = 0;
  do
    i++;
  while (i < two);
}
