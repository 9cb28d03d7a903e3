// String literals and constants whose addresses the program keeps, through three
// versions: they are what they were, also a literal that lies right behind a
// constant that moves (one of those below does), and are equal to what the new
// version calls so. Where the text changes, pointers lead to the old one, and
// patchgen tells of the comparison.
// RUN: rm -rf %t && split-file %s %t && cd %t
// RUN: for flags in -O0 -O2 '-O2 -fno-pic -no-pie' '-O2 -flto' '-Os -fdata-sections'; do \
// RUN:   for v in 1 2 3; do %upstare_cc $flags -DV=$v -I%S/Inputs main.c other.c -o v$v || exit 1; done; \
// RUN:   %patchgen v1 v2 -o 1-2.so 2>&1 | FileCheck %s --check-prefix=WARNING && \
// RUN:   %patchgen v2 v3 -o 2-3.so 2>&1 | FileCheck %s --check-prefix=NONE --allow-empty && \
// RUN:   UPSTARE_APPLY_AT=1:%t/1-2.so,2:%t/2-3.so ./v1 > output || exit 1; \
// RUN:   FileCheck %s < output || exit 1; done

// WARNING: warning: main.c:[[#]]: in function 'show': a pointer is compared with a string literal whose text changes
// WARNING-NOT: warning
// NONE-NOT: warning

// CHECK: behind 1
// CHECK-NEXT: v1: idle 1 1 1 busy 1 busy named 1 old name same texts 1
// CHECK-NEXT: v2: idle 1 1 1 busy 0 busy named 1 new name, longer same texts 1
// CHECK-NEXT: v3: idle 1 1 1 busy 0 busy named 1 newest same texts 1

//--- shared.h
#if V == 1
#define BUSY "busy"
#define TEXT "old name"
#elif V == 2
#define BUSY "very busy"
#define TEXT "new name, longer"
#else
#define BUSY "very busy"
#define TEXT "newest"
#endif
extern const char Name[];
extern const char *const Wide[2];
int isIdle(const char *state);
//--- main.c
#include "point.h"
#include "shared.h"
#include <stdio.h>
#include <string.h>
static const char *const Idle = "idle";
static const char *const Busy = BUSY;
__attribute__((used)) const char Name[] = TEXT;
static const char *idle, *busy, *named, *wide;
// All literals of the program: one lies behind Name.
#define ALL(DO) \
  DO(0, "idle") DO(1, BUSY) DO(2, "wide") DO(3, "narrow") DO(4, "behind %d\n") \
  DO(5, "v%d: idle %d %d %d busy %d %s named %d %s same texts %d\n")
static const char *kept[6];
static char copies[6][80];
#define KEEP(I, TEXT) kept[I] = TEXT; strcpy(copies[I], TEXT); behind |= kept[I] == Name + sizeof Name;
#define SAME(I, TEXT) same &= !strcmp(kept[I], copies[I]);
__attribute__((noinline)) static void show(void) {
  int same = 1;
  ALL(SAME)
  printf("v%d: idle %d %d %d busy %d %s named %d %s same texts %d\n", V, idle == Idle,
         isIdle(idle), wide == Wide[1], busy == Busy, busy, named == Name, named, same);
}
int main(void) {
  int behind = 0;
  idle = Idle;
  busy = Busy;
  named = Name;
  wide = Wide[1];
  ALL(KEEP)
#if V == 1
  printf("behind %d\n", behind);
#endif
  show();
  point();
  show();
  point();
  show();
  return 0;
}
//--- other.c
#include "shared.h"
static const char *const Idle = "idle";
const char *const Wide[2] = {"narrow", "wide"};
int isIdle(const char *state) { return state == Idle; }
