// A failure at any step leaves the program as it was: same output, same status, and
// a message that says why. Tried at every point that the program reaches.
// RUN: %upstare_cc -O2 %s -o %t
// RUN: %patchgen %t %t -o %t.patch
// RUN: %t > %t.expected
// RUN: env UPSTARE_FAIL_AT=load %sweep --expect %t.expected --patch %t.patch -- %t
// RUN: env UPSTARE_FAIL_AT=check %sweep --expect %t.expected --patch %t.patch -- %t
// RUN: env UPSTARE_FAIL_AT=transform %sweep --expect %t.expected --patch %t.patch -- %t
// RUN: env UPSTARE_FAIL_AT=commit %sweep --expect %t.expected --patch %t.patch -- %t

#include <stdio.h>
#include <string.h>

static volatile int two = 2;
static int global = 5;
static int *into_frame;

__attribute__((noinline)) static double work(int depth, double scale,
                                             const char *text) {
  char copy[16];
  int local = depth * 3, i = 0;
  into_frame = &local;
  strcpy(copy, text);
  do
    i++;
  while (i < two);
  double below = depth > 0 ? work(depth - 1, scale * 1.5, text + 1) : scale;
  copy[0]++;
  into_frame = &local;
  do
    *into_frame += i++;
  while (i < two);
  global += local;
  printf("%d %s %d\n", depth, copy, local);
  return below + scale;
}

int main(void) {
  double sum = 0;
  for (int round = 0; round < 3; round++)
    sum += work(4, round + 0.5, "abcdefgh");
  printf("%g %d\n", sum, global);
  return 0;
}
