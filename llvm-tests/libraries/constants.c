// Addresses are one thing in all images, before and after an update: pointers to
// a library's functions, tables and variables that the program, the library and
// libc hold are compared with new ones; a constant table that changes goes with
// them, whether it lies in the library or was copied into the program.
// RUN: %update_libraries_at %t %s 1,3 -O0 '-O2 -flto'
// RUN: env CC_PROGRAM="-fno-pie -no-pie -DNO_PIE" %update_libraries_at %t.no-pie %s 1,3 -O2
// RUN: env CC_LIBRARY="-O0 -Wl,-Bsymbolic" %update_libraries_at %t.symbolic %s 1,3 -O2

// CHECK: v1 11 12 names one same 1 1 1 1 1
// CHECK-NEXT: v2 21 22 names one same 1 1 1 1 1
// CHECK-NEXT: v3 11 12 names uno same 1 1 1 1 1
// CHECK-NEXT: v3 at exit
// CHECK-NEXT: status 0

//--- main.h
#include <stdio.h>
#include "shared.h"
static volatile int two = 2;
static void point(void) {
  int i = 0;
  do
    i++;
  while (i < two);
}
static const int *kept_table = table;
static const char *const *kept_names = names;
static int *kept_variable = &variable;
static int (*kept_function)(int);
static int (*kept_static)(int);
__attribute__((noinline)) static void show(void) {
  printf(V " %d %d names %s same %d %d %d %d %d\n", kept_table[0],
         kept_function(1), kept_names[0],
         kept_table == table && table == table_of_library(),
         kept_names == names && names == names_of_library(),
         kept_variable == &variable && &variable == variable_of_library(),
         kept_function == address_of(0), kept_static == address_of(1));
}
int main(void) {
  setvbuf(stdout, 0, _IOLBF, 0);
  kept_function = address_of(0);
  kept_static = address_of(1);
#ifndef NO_PIE
  if (kept_function != function)
    return 1;
#endif
  begin();
  for (int i = 0; i < 3; i++) {
    show();
    point();
  }
  return 0;
}
//--- shared.h
extern const int table[2];
extern const char *const names[2];
extern int variable;
int function(int);
void begin(void);
const int *table_of_library(void);
const char *const *names_of_library(void);
int *variable_of_library(void);
int (*address_of(int))(int);
//--- library.h
#include <stdio.h>
#include <stdlib.h>
#include "shared.h"
const char *const names[2] = {NAME, "two"};
int variable;
int function(int i) { return table[i]; }
static int local(int i) { return -table[i]; }
static int (*const functions[])(int) = {function, local};
static void at_exit(void) { puts(V " at exit"); }
void begin(void) { atexit(at_exit); }
const int *table_of_library(void) { return table; }
const char *const *names_of_library(void) { return names; }
int *variable_of_library(void) { return &variable; }
int (*address_of(int i))(int) { return functions[i]; }
//--- v1/program/main.c
#define V "v1"
#include "../../main.h"
//--- v1/libone/one.c
#define V "v1"
#define NAME "one"
#include "../../shared.h"
const int table[2] = {11, 12};
#include "../../library.h"
//--- v2/program/main.c
#define V "v2"
#include "../../main.h"
//--- v2/libone/one.c
#define V "v2"
#define NAME "one"
#include "../../shared.h"
const int table[2] = {21, 22};
#include "../../library.h"
//--- v3/program/main.c
#define V "v3"
#include "../../main.h"
//--- v3/libone/one.c
#define V "v3"
#define NAME "uno"
#include "../../shared.h"
const int table[2] = {11, 12};
#include "../../library.h"
