// Exit handlers and destructors of the old version run the new code, once; a
// removed destructor still runs, and new ones do not: both are told by name.
// RUN: %update_at %t %s 1 -O0 -O2
// RUN: %patchgen %t/v1.exe %t/v2.exe --override %t/override.c -o %t/q.so 2>&1 | FileCheck %s --check-prefix=TOLD
// TOLD-DAG: constructor cfresh() (main.c:{{[0-9]+}}) is new: it does not run
// TOLD-DAG: constructor c300() (main.c:{{[0-9]+}}) is changed
// TOLD-DAG: destructor fresh() (main.c:{{[0-9]+}}) is new: it does not run at exit
// TOLD-DAG: destructor gone() (main.c:{{[0-9]+}}) is removed: its old code runs

// CHECK: v1 preinit_array
// CHECK-NEXT: v1 c300
// CHECK-NEXT: v1 init_array
// CHECK-NEXT: v1 c
// CHECK-NEXT: v2 on_exit 3 arg
// CHECK-NEXT: v2 atexit
// CHECK-NEXT: gone
// CHECK-NEXT: v2 d
// CHECK-NEXT: v2 fini_array
// CHECK-NEXT: v2 d200
// CHECK-NEXT: status 3

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
__attribute__((destructor(200))) static void d200(void) { puts(W " d200"); }
__attribute__((destructor)) static void d(void) { puts(W " d"); }
#if V == 1
__attribute__((destructor)) static void gone(void) { puts("gone"); }
#else
__attribute__((destructor)) static void fresh(void) { puts("fresh"); }
__attribute__((constructor)) static void cfresh(void) { puts("cfresh"); }
#endif
__attribute__((constructor(300))) static void c300(void) { puts(W " c300"); }
__attribute__((constructor)) static void c(void) { puts(W " c"); }
static void ae(void) { puts(W " atexit"); }
static void oe(int s, void *a) { printf(W " on_exit %d %s\n", s, (char *)a); }
static void init(int c, char **v, char **e) { puts(W " init_array"); }
static void fini(void) { puts(W " fini_array"); }
static void pre(void) { puts(W " preinit_array"); }
__attribute__((section(".init_array"), used)) static void (*pi)(int, char **, char **) = init;
__attribute__((section(".fini_array"), used)) static void (*pf)(void) = fini;
__attribute__((section(".preinit_array"), used)) static void (*pp)(void) = pre;
__attribute__((noinline)) static int deep(int n) { if (n) return deep(n - 1) + 1; point(); exit(3); }
int main(void) { atexit(ae); on_exit(oe, "arg"); printf(W " main %d\n", deep(3)); return 0; }
//--- override.c
const struct upstare_keep_override upstare_keep[] = {{"gone"}, {0}};
