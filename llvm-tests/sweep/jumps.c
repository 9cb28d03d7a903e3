// setjmp and longjmp, past frames and within one.
// RUN: %identity_sweep %t %s -O0
// RUN: %identity_sweep %t %s -O2

#include "Inputs/sweep.h"

#include <setjmp.h>

static jmp_buf recover;

NOINLINE static void dig(int depth) {
  point();
  if (depth == 0)
    longjmp(recover, 7);
  dig(depth - 1);
  mix(depth);
}

NOINLINE static int guarded(int depth) {
  volatile int state = 1;
  int code = setjmp(recover);
  if (code == 0) {
    state = 2;
    dig(depth);
    state = 3;
  }
  point();
  return state * 10 + code;
}

int main(void) {
  for (int depth = 0; depth < 3; depth++) {
    mix(guarded(depth));
    point();
  }
  report("guarded");
  return 0;
}
