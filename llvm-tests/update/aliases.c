// Aliases of another file's functions and variables: one address by all names.
// RUN: %update_at %t %s 1 -O0 -O2
// CHECK: v2 fb 21 vb 101 wk 99 same 1 1 1 1
// CHECK-NEXT: status 0

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
int fb(void); extern int vb; int wk(void); int *avb(void); int (*afb(void))(void);
int wk(void) { return 99; }
int (*kf)(void) = fb; int *kv = &vb;
int main(void) {
  vb++;
  point();
  printf(W " fb %d vb %d wk %d same %d %d %d %d\n", fb(), vb, wk(), kf == fb, kv == &vb, avb() == &vb, afb() == fb);
  return 0;
}
//--- both/a.c
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "point.h"
#if V == 1
#define W "v1"
#else
#define W "v2"
#endif
static int f1(void) { return V * 10 + 1; }
int fb(void) __attribute__((alias("f1")));
int wk(void) __attribute__((weak, alias("f1")));
static int v1 = 100;
extern int vb __attribute__((alias("v1")));
int *avb(void) { return &v1; }
int (*afb(void))(void) { return f1; }
