// Constructors of a library have run; those of its next versions do not. Its
// destructors and exit handlers run at the end, in the code of the version that
// is there then, each once; so do those of a library whose source did not change.
// RUN: %update_libraries_at %t %s 1 -O0 -O2

// CHECK: v1 begin one
// CHECK-NEXT: v1 begin two
// CHECK-NEXT: v2 main 1 1
// CHECK-NEXT: two ends
// CHECK-NEXT: v2 end one 2
// CHECK-NEXT: v2 handler
// CHECK-NEXT: status 0

//--- one.h
#include <stdio.h>
#include <stdlib.h>
static int begun;
static void handler(void) { puts(V " handler"); }
__attribute__((constructor)) static void begin(void) {
  setvbuf(stdout, 0, _IOLBF, 0);
  begun++;
  puts(V " begin one");
  atexit(handler);
}
__attribute__((destructor)) static void end(void) {
  printf(V " end one %d\n", ++begun);
}
int one(void) { return begun; }
//--- v1/libone/one.c
#define V "v1"
#include "../../one.h"
//--- v2/libone/one.c
#define V "v2"
#include "../../one.h"
//--- two.h
#include <stdio.h>
static int begun;
__attribute__((constructor)) static void begin(void) {
  begun++;
  puts("v1 begin two");
}
__attribute__((destructor)) static void end(void) { puts("two ends"); }
int two(void) { return begun; }
//--- v1/libtwo/two.c
#include "../../two.h"
//--- v2/libtwo/two.c
#include "../../two.h"
//--- main.h
#include <stdio.h>
int one(void), two(void);
static volatile int rounds = 2;
int main(void) {
  for (int i = 0; i < rounds; i++)
    if (i)
      printf(V " main %d %d\n", one(), two());
  return 0;
}
//--- v1/program/main.c
#define V "v1"
#include "../../main.h"
//--- v2/program/main.c
#define V "v2"
#include "../../main.h"
