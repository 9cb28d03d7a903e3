// Frames that alternate between a program and two libraries are rebuilt, and so
// again from there: code of all three changes, statics, exported and
// thread-local variables of libraries go on, one changes its type, a function
// moves from the program into a library, and one library is new.
// RUN: %update_libraries_at %t %s 1,2
// RUN: env CC_PROGRAM="-fno-pie -no-pie" %update_libraries_at %t.no-pie %s 1,2 -O2
// RUN: env CC_LIBRARY="-O0 -ftls-model=initial-exec -Wl,-Bsymbolic" %update_libraries_at %t.mixed %s 1,2 -O2

// CHECK: v1 callback 11 101 1 short 7
// CHECK-NEXT: v2 callback is left
// CHECK-NEXT: v2 b 102 2
// CHECK-NEXT: v2 callback 12 102 2 long 7
// CHECK-NEXT: v3 callback is left
// CHECK-NEXT: v3 b 103 3
// CHECK-NEXT: v3 a 13 moved v3 same 1
// CHECK-NEXT: v3 new 20
// CHECK-NEXT: v3 main 3 thread 100 1
// CHECK-NEXT: status 0

//--- v1/program/main.c
#include <stdio.h>
#include "../shared.h"
static volatile int two = 2;
int moved(void) { return 1; }
static void point(void) {
  int i = 0;
  do
    i++;
  while (i < two);
}
static void callback(void) {
  printf("v1 callback %d %d %d %s %d\n", a_count, *b_static(), b_thread,
         sizeof(a_data.value) == 2 ? "short" : "long", (int)a_data.value);
  point();
  puts("v1 callback is left");
}
static void (*volatile kept)(void);
int main(void) {
  kept = callback;
  a_run(callback);
  return 0;
}
//--- v1/shared.h
extern int a_count;
extern struct a_data {
  short value;
} a_data;
extern __thread int b_thread;
extern void (*a_kept)(void (*)(void));
void a_run(void (*)(void));
void b_run(void (*)(void));
int *b_static(void);
//--- v1/libone/b.c
#include <stdio.h>
#include "../shared.h"
static int own = 100;
__thread int b_thread;
int *b_static(void) { return &own; }
void b_run(void (*callback)(void)) {
  own++;
  b_thread++;
  callback();
  own++;
  b_thread++;
  printf("v1 b %d %d\n", own, b_thread);
}
//--- v1/libtwo/a.c
#include <stdio.h>
#include "../shared.h"
int a_count = 10;
void (*a_kept)(void (*)(void)) = b_run;
struct a_data a_data = {7};
void a_run(void (*callback)(void)) {
  a_count++;
  b_run(callback);
  a_count++;
  b_run(callback);
  printf("v1 a %d\n", a_count);
}

//--- v2/program/main.c
#include <stdio.h>
#include "../shared.h"
static volatile int two = 2;
int moved(void) { return 1; }
static void point(void) {
  int i = 0;
  do
    i++;
  while (i < two);
}
static void callback(void) {
  printf("v2 callback %d %d %d %s %d\n", a_count, *b_static(), b_thread,
         sizeof(a_data.value) == 2 ? "short" : "long", (int)a_data.value);
  point();
  puts("v2 callback is left");
}
static void (*volatile kept)(void);
int main(void) {
  kept = callback;
  a_run(callback);
  return 0;
}
//--- v2/shared.h
extern int a_count;
extern struct a_data {
  long value;
} a_data;
extern __thread int b_thread;
extern void (*a_kept)(void (*)(void));
void a_run(void (*)(void));
void b_run(void (*)(void));
int *b_static(void);
//--- v2/libone/b.c
#include <stdio.h>
#include "../shared.h"
static int own = 100;
__thread int b_thread;
int *b_static(void) { return &own; }
void b_run(void (*callback)(void)) {
  b_thread++;
  callback();
  own++;
  b_thread++;
  printf("v2 b %d %d\n", own, b_thread);
}
//--- v2/libtwo/a.c
#include <stdio.h>
#include "../shared.h"
int a_count = 10;
void (*a_kept)(void (*)(void)) = b_run;
struct a_data a_data = {8};
void a_run(void (*callback)(void)) {
  b_run(callback);
  a_count++;
  b_thread--;
  b_run(callback);
  printf("v2 a %d\n", a_count);
}

//--- v3/program/main.c
#include <stdio.h>
#include <pthread.h>
#include "../shared.h"
static volatile int two = 2;
static void point(void) {
  int i = 0;
  do
    i++;
  while (i < two);
}
static void callback(void) {
  printf("v3 callback %d\n", *b_static());
  point();
  puts("v3 callback is left");
}
static void *other(void *unused) {
  b_thread += 100;
  printf("thread %d ", b_thread);
  return unused;
}
static void (*volatile kept)(void);
int main(void) {
  kept = callback;
  a_run(callback);
  new_function();
  printf("v3 main %d ", b_thread);
  fflush(stdout);
  pthread_t thread;
  pthread_create(&thread, 0, other, 0);
  pthread_join(thread, 0);
  printf("%d\n", kept == callback);
  return 0;
}
//--- v3/shared.h
extern int a_count;
extern struct a_data {
  long value;
} a_data;
extern __thread int b_thread;
extern void (*a_kept)(void (*)(void));
void a_run(void (*)(void));
void b_run(void (*)(void));
int *b_static(void);
const char *moved(void);
void new_function(void);
//--- v3/libone/b.c
#include <stdio.h>
#include "../shared.h"
static int own = 100;
__thread int b_thread;
int *b_static(void) { return &own; }
const char *moved(void) { return "moved v3"; }
void b_run(void (*callback)(void)) {
  callback();
  own++;
  b_thread++;
  printf("v3 b %d %d\n", own, b_thread);
}
//--- v3/libtwo/a.c
#include <stdio.h>
#include "../shared.h"
int a_count = 10;
void (*a_kept)(void (*)(void)) = b_run;
struct a_data a_data = {9};
void a_run(void (*callback)(void)) {
  b_run(callback);
  b_run(callback);
  a_count++;
  printf("v3 a %d %s same %d\n", a_count, moved(), a_kept == b_run);
}
//--- v3/libzero/new.c
#include <stdio.h>
#include "../shared.h"
static int fresh = 20;
void new_function(void) { printf("v3 new %d\n", fresh); }
