// A variable that holds a constant, has its address taken and is the operand of a
// switch was taken for clang's own variable that says where a cleanup goes on: what
// the switch really leads to was not recorded.
// RUN: %identity_sweep %t.O0 %s -O0
// RUN: %identity_sweep %t.O2 %s -O2

#include <stdio.h>

static volatile int two = 2;
static int *out;

__attribute__((noinline)) static void change(void) {
  int i = 0;
  do
    i++;
  while (i < two);
  *out = 2;
}

__attribute__((noinline)) static int f(int y) {
  int s;
  out = &s;
  s = 1;
  change();
again:
  switch (s) {
  case 1:
    return 0;
  case 2:
    return y;
  case 3:
    goto again;
  }
  return 5;
}

int main(void) {
  printf("%d\n", f(42));
  return 0;
}
