// The poll at the entry of a recursive function that begins with a computed goto
// was taken for the one of the block that its gotos share: nothing was recorded.
// RUN: %identity_sweep %t.O0 %s -O0
// RUN: %identity_sweep %t.O2 %s -O2

#include <stdio.h>

__attribute__((noinline)) static int run(const unsigned char *pc, int n) {
  static const void *const labels[] = {&&call, &&end};
  goto *labels[*pc++];
call:
  n = run(pc, n + 1);
  goto *labels[1];
end:
  return n;
}

int main(void) {
  printf("%d\n", run((const unsigned char *)"\0\0\0\1", 0));
  return 0;
}
