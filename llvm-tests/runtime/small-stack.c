// Deep recursion on a small stack, with locals whose addresses are known in every
// frame, and updates again and again: an update that would not leave the program
// the stack that it needs is refused before it is touched.
//
// RUN: rm -rf %t.dir && mkdir -p %t.dir && cd %t.dir
// RUN: for level in -O0 -O2; do \
// RUN:   %upstare_cc $level %s -o program; %patchgen program program -o patch; \
// RUN:   ./program > expected; \
// RUN:   for size in 256 768; do for every in 3 10 40; do \
// RUN:     (ulimit -s $size; rm -f report; env UPSTARE_REPORT=report \
// RUN:       UPSTARE_APPLY_EVERY=$every:patch ./program > output 2> errors; \
// RUN:       echo "$level $size $every: status $?," \
// RUN:         $(grep -c '"ok":true' report) done, \
// RUN:         $(grep -o '"status":"no-stack"' report)); \
// RUN:     cmp expected output; \
// RUN:   done; done; done > log
// RUN: FileCheck %s < log
// CHECK-COUNT-12: {{^.*: status 0, [1-9][0-9]* done, "status":"no-stack"$}}
// CHECK-NOT: {{.}}

#include <stdio.h>
#include <string.h>

static volatile int two = 2;

__attribute__((noinline)) static void point(void) {
  int i = 0;
  do
    i++;
  while (i < two);
}

struct link {
  struct link *above;
  int depth;
  char text[512];
};

static unsigned long down(int depth, struct link *above) {
  struct link here = {above, depth, "here"};
  unsigned long sum = 0;
  point();
  if (depth == 0) {
    for (struct link *l = &here; l; l = l->above)
      sum = sum * 3 + (unsigned)l->depth + strlen(l->text);
    return sum;
  }
  sum = down(depth - 1, &here) * 5 + (unsigned)depth;
  point();
  return sum + (unsigned)here.depth;
}

int main(void) {
  for (int round = 0; round < 6; round++)
    printf("%lu\n", down(round % 2 ? 30 : 250, NULL));
  return 0;
}
