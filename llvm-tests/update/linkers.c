// REQUIRES: ld.bfd, ld.gold
// Programs of other linkers: a small function at the end of the code, with .fini
// behind it; common symbols, one of which the new version initialises.
// RUN: %update_at %t %s 1 '-O2 -fcommon -fuse-ld=bfd' '-O0 -fcommon -fuse-ld=bfd -fno-pic -no-pie' '-O2 -fcommon -fuse-ld=gold' '-O2 -fcommon -fuse-ld=gold -ffunction-sections -Wl,--gc-sections' '-O2 -fcommon -flto'
// CHECK: v2 1 7 9 5
// CHECK-NEXT: status 0
// GNU ld's --gc-sections drops what patches are made of.
// RUN: %upstare_cc -fcommon -DV=1 -I%S/Inputs -fuse-ld=bfd -Wl,--gc-sections %t/both/*.c -o %t/dropped
// RUN: not %patchgen %t/dropped %t/dropped -o %t/dropped.so 2>&1 | FileCheck %s --check-prefix=DROPPED
// DROPPED: dropped: has no section .llvmcmd: compile and link it with upstare-cc (not with -g0; not with GNU ld and --gc-sections)

//--- both/main.c
#include <stdio.h>
#include "point.h"
int both, shared, late;
int tiny(void);
int (*kept)(void);
int main(void) {
  both = 7;
  shared = 9;
  late = 5;
  kept = tiny;
  point();
  printf("v%d %d %d %d %d\n", V, kept == tiny && kept() == V, both, shared, late);
  return 0;
}
//--- both/other.c
int both, shared;
#if V == 2
int late = 77;
#endif
int tiny(void) { return V; }
