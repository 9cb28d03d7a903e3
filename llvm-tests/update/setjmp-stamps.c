// jmp_bufs that are no longer those that a frame has armed: freed memory must not be
// written to; of two places that arm one jmp_buf, the last one counts. Ten updates
// between setjmp and longjmp.
// RUN: rm -rf %t && split-file %s %t
// RUN: %identity_sweep %t/sweep0 %t/main.c -O0
// RUN: %identity_sweep %t/sweep2 %t/main.c -O2
// RUN: %identity_sweep %t/sweep3 %t/main.c -O3 -flto
// RUN: %upstare_cc -O2 -std=gnu11 %t/main.c -o %t/main
// RUN: %patchgen %t/main %t/main -o %t/p.so
// RUN: env UPSTARE_APPLY_EVERY=1:%t/p.so UPSTARE_REPORT=%t/report %t/main > %t/output
// RUN: diff %t/output %t/sweep2.expected
// RUN: test $(grep -c '"ok"' %t/report) -ge 40

//--- main.c
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
static volatile int two = 2;
__attribute__((noinline)) static void point(void) {
  int i = 0;
  do
    i++;
  while (i < two);
}

static jmp_buf top;

// The chunk is in an allocator's list afterwards: its first words are links.
__attribute__((noinline)) static void freed(void) {
  jmp_buf *buffer = malloc(sizeof *buffer);
  if (setjmp(*buffer) == 0)
    point();
  memset(buffer, 77, sizeof *buffer);
  unsigned char *words = (unsigned char *)buffer;
  point();
  int kept = 0;
  for (unsigned i = 0; i < 64; i++)
    kept += words[i] == 77;
  printf("freed: %d bytes as they were\n", kept);
  free(buffer);
  point();
  void *next[4];
  for (int i = 0; i < 4; i++)
    memset(next[i] = malloc(sizeof *buffer), 1, sizeof *buffer);
  point();
  for (int i = 0; i < 4; i++)
    free(next[i]);
}

// Armed at two places, in both orders.
__attribute__((noinline)) static int armed_twice(int order) {
  volatile int step = 0;
  if (order) {
    int second = setjmp(top);
    if (second)
      return 200 + second;
  }
  if (step++ == 0) {
    int first = setjmp(top);
    if (first)
      return 100 + first;
  }
  if (!order) {
    int third = setjmp(top);
    if (third)
      return 300 + third;
  }
  point();
  longjmp(top, 7);
}

__attribute__((noinline)) static void inner(void) {
  int code = setjmp(top);
  if (code == 0) {
    point();
    longjmp(top, 4);
  }
  printf("inner %d\n", code);
}

// A callee arms the same jmp_buf, and the caller once more.
__attribute__((noinline)) static void nested(void) {
  for (volatile int round = 0; round < 3; round++) {
    int code = setjmp(top);
    if (code == 0) {
      inner();
      if (round == 1)
        continue;
      code = setjmp(top);
      if (code == 0) {
        point();
        longjmp(top, 5 + round);
      }
    }
    printf("nested %d in %d\n", code, round);
  }
}

__attribute__((noinline)) static void many_points(void) {
  double kept = 2.5;
  int code = setjmp(top);
  if (code == 0) {
    for (volatile int i = 0; i < 10; i++)
      point();
    longjmp(top, 9);
  }
  printf("after ten %d %g\n", code, kept);
}

int main(void) {
  freed();
  printf("%d %d\n", armed_twice(0), armed_twice(1));
  nested();
  many_points();
  point();
  return 0;
}
