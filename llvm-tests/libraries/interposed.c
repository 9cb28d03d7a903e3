// What several images define is the first one's, before and after an update: a
// weak function and a variable that two libraries share, a hook that the program
// replaces, one that it begins to replace, and one that it does not any more.
// RUN: %update_libraries_at %t %s 1,3 -O0 '-O2 -flto'
// RUN: env CC_PROGRAM="-fno-pie -no-pie" %update_libraries_at %t.no-pie %s 1,3 -O2

// CHECK: 1: a 1 b 2 hook program1 other two1 begins one1 ends program1
// CHECK-NEXT: 2: a 13 b 24 hook program2 other two2 begins program2 ends one2
// CHECK-NEXT: 2: a 35 b 46 hook program2 other two2 begins program2 ends one2
// CHECK-NEXT: 2: a 57 b 68 hook program2 other two2 begins program2 ends one2
// CHECK-NEXT: status 0

//--- v1/program/main.c
#define VERSION "1"
const char *ends(void) { return "program" VERSION; }
#include "../../main.h"
//--- v2/program/main.c
#define VERSION "2"
const char *begins(void) { return "program" VERSION; }
#include "../../main.h"
//--- main.h
#include <stdio.h>
int a_count(void), b_count(void);
const char *a_hook(void), *a_other(void), *a_begins(void), *a_ends(void);
const char *hook(void) { return "program" VERSION; }
static volatile int rounds = 4;
int main(void) {
  for (int i = 0; i < rounds; i++) {
    int a = a_count(), b = b_count();
    printf(VERSION ": a %d b %d hook %s other %s begins %s ends %s\n", a, b,
           a_hook(), a_other(), a_begins(), a_ends());
  }
  return 0;
}
//--- counter.h
__attribute__((weak)) int counter;
__attribute__((weak)) int next(void) { return counter += STEP; }
//--- v1/libone/one.c
#define VERSION "1"
#define STEP 1
#include "../../one.h"
//--- v2/libone/one.c
#define VERSION "2"
#define STEP 11
#include "../../one.h"
//--- one.h
#include "counter.h"
__attribute__((weak)) const char *hook(void) { return "one" VERSION; }
__attribute__((weak)) const char *other(void) { return "one" VERSION; }
__attribute__((weak)) const char *begins(void) { return "one" VERSION; }
__attribute__((weak)) const char *ends(void) { return "one" VERSION; }
int a_count(void) { return next(); }
const char *a_hook(void) { return hook(); }
const char *a_other(void) { return other(); }
const char *a_begins(void) { return begins(); }
const char *a_ends(void) { return ends(); }
//--- v1/libtwo/two.c
#define VERSION "1"
#define STEP 1
#include "../../two.h"
//--- v2/libtwo/two.c
#define VERSION "2"
#define STEP 11
#include "../../two.h"
//--- two.h
#include "counter.h"
__attribute__((weak)) const char *other(void) { return "two" VERSION; }
int b_count(void) { return next(); }
const char *b_other(void) { return other(); }
