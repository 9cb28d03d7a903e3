// An interpreter with computed goto, its label table a static local.
// RUN: %identity_sweep %t %s -O0
// RUN: %identity_sweep %t %s -O1
// RUN: %identity_sweep %t %s -O2
// RUN: %identity_sweep %t %s -O3

#include "Inputs/sweep.h"

enum { PUSH, ADD, MUL, DUP, SWAP, LOOP, CALL, HALT };

NOINLINE static long run(const int *code) {
  static const void *const labels[] = {&&push, &&add,  &&mul,  &&dup,
                                       &&swap, &&loop, &&call, &&halt};
  long stack[16];
  int top = -1;
  const int *pc = code;
  int left = 5;

#define NEXT goto *labels[*pc++]
  NEXT;
push:
  stack[++top] = *pc++;
  NEXT;
add:
  top--;
  stack[top] += stack[top + 1];
  NEXT;
mul:
  top--;
  stack[top] = (stack[top] * stack[top + 1]) & 0xffffff;
  NEXT;
dup:
  top++;
  stack[top] = stack[top - 1];
  point();
  NEXT;
swap : {
  long first = stack[top];
  stack[top] = stack[top - 1];
  stack[top - 1] = first;
  NEXT;
}
loop: {
  int back = *pc++;
  point();
  if (left-- > 0)
    pc -= back;
  NEXT;
}
call:
  stack[top] = opaque(stack[top]) + left;
  NEXT;
halt:
  return stack[top] * 10 + top;
}

int main(void) {
  static const int single[] = {PUSH, 2, DUP, CALL, MUL, PUSH, 3,
                               ADD,  LOOP, 8, HALT};
  static const int both[] = {PUSH, 1,    PUSH, 3, SWAP, DUP,
                             CALL, ADD,  LOOP, 6, MUL,  HALT};
  mix(run(single));
  report("single");
  mix(run(both));
  report("both");
  return 0;
}
