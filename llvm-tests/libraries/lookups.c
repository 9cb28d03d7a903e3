// Code of the new version that asks the dynamic linker: RTLD_NEXT finds what comes
// after it, not the library that the code was in at first; RTLD_DEFAULT and the
// program's handle find functions at their addresses, which lead to new code, and
// variables where they are now.
// RUN: env CC_PROGRAM=-rdynamic %update_libraries_at %t %s 1 -O0 -O2

// CHECK: by v1: v1
// CHECK-NEXT: by v2: same 1 1 calls 2 counter 1 1
// CHECK-NEXT: by v2: v2
// CHECK-NEXT: by v2: same 1 1 calls 2 counter 1 2
// CHECK-NEXT: status 0

//--- main.h
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
COUNTER counter;
int calls(void) { return V[1] - '0'; }
static volatile int rounds = 2;
int main(void) {
  setvbuf(stdout, 0, _IOLBF, 0);
  puts(V);
  for (int i = 0; i < rounds; i++) {
    if (!i)
      continue;
    for (int j = 0; j < 2; j++) {
      int (*by_default)(void) = dlsym(RTLD_DEFAULT, "calls");
      int (*by_handle)(void) = dlsym(dlopen(0, RTLD_NOW), "calls");
      COUNTER *variable = dlsym(RTLD_DEFAULT, "counter");
      counter++;
      char line[80];
      snprintf(line, sizeof line, "same %d %d calls %d counter %d %d",
               by_default == calls, by_handle == calls, by_default(),
               variable == &counter, (int)*variable);
      puts(line);
      if (!j)
        puts(V);
    }
  }
  return 0;
}
//--- one.h
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
int puts(const char *text) {
  int (*next)(const char *) = (int (*)(const char *))dlsym(RTLD_NEXT, "puts");
  printf("by " V ": ");
  return next(text);
}
//--- v1/program/main.c
#define V "v1"
#define COUNTER int
#include "../../main.h"
//--- v1/libone/one.c
#define V "v1"
#include "../../one.h"
//--- v2/program/main.c
#define V "v2"
#define COUNTER long
#include "../../main.h"
//--- v2/libone/one.c
#define V "v2"
#include "../../one.h"
