// Functions, variables, thread-local ones and types that move from the program to a
// library, from one library to another, and back; a library that comes and one
// that goes. Frames and values go with them.
// RUN: %update_libraries_at %t %s 1,3,5 -O0 -O2
// RUN: FILECHECK_OPTS=--check-prefix=LOOP %update_libraries_at %t.loop %s 2,4,6 -O1

// In work(), which moves.
// CHECK: v2 work 1: count 1 own 11 list 1 2 2
// CHECK-NEXT: v2 main 1
// CHECK-NEXT: v3 work 2: count 2 own 12 list 1 2
// CHECK-NEXT: v3 main 3
// CHECK-NEXT: v3 work 3: count 3 own 13 list 1 2
// CHECK-NEXT: v3 main 6
// CHECK-NEXT: status 0
// In main(), which calls it.
// LOOP: v1 work 1: count 1 own 11 list 1 2
// LOOP-NEXT: v1 main 1
// LOOP-NEXT: v2 work 2: count 2 own 12 list 1 2 2
// LOOP-NEXT: v2 main 3
// LOOP-NEXT: v3 work 3: count 3 own 13 list 1 2
// LOOP-NEXT: v3 main 6
// LOOP-NEXT: status 0

//--- v1/program/main.c
#define VERSION 1
#include "../../work.h"
#include "../../state.h"
#include "../../main.h"
//--- v1/liba/a.c
int a_only(int n) { return n; }
//--- v2/program/main.c
#define VERSION 2
#include "../../main.h"
//--- v2/liba/a.c
#define VERSION 2
#include "../../work.h"
//--- v2/libnew/n.c
#define VERSION 2
#include "../../state.h"
//--- v3/program/main.c
#define VERSION 3
#include "../../main.h"
#include "../../state.h"
//--- v3/libnew/n.c
#define VERSION 3
#include "../../work.h"
//--- main.h
#include <stdio.h>
int work(int);
int main(void) {
  int sum = 0;
  setvbuf(stdout, 0, _IONBF, 0);
  for (int i = 1; i <= 3; i++) {
    sum += work(i);
    printf("v%d main %d\n", VERSION, sum);
  }
  return 0;
}
//--- list.h
#pragma once
struct list {
  int a;
#if VERSION == 2
  int b;
#endif
  int c;
};
//--- state.h
#include "list.h"
struct list list = {1, 2};
__thread int own = 10;
int count;
//--- work.h
#include <stdio.h>
#include "list.h"
extern struct list list;
extern __thread int own;
extern int count;
static volatile int two = 2;
__attribute__((noinline)) static void point(void) {
  int i = 0;
  do
    i++;
  while (i < two);
}
int work(int n) {
  int at = n + 0;
  struct list *held = &list;
  count++;
  own++;
  point();
#if VERSION == 2
  printf("v%d work %d: count %d own %d list %d %d %d\n", VERSION, at, count, own, held->a, held->c, held->b);
#else
  printf("v%d work %d: count %d own %d list %d %d\n", VERSION, at, count, own, held->a, held->c);
#endif
  return at;
}
