// A program goes forth and back between two versions many times, with the same
// two patch files and a stack that would overflow if each update left the old
// frames behind. A struct on main's stack, one in a table and the pointers to both
// change with each.
//
// RUN: rm -rf %t.dir && mkdir -p %t.dir && cd %t.dir
// RUN: %upstare_cc -O2 %s -o v1 && %upstare_cc -O2 -DNEXT %s -o v2
// RUN: upstare-patchgen v1 v2 -o forth.so && upstare-patchgen v2 v1 -o back.so
// RUN: ./v1 > plain
// RUN: (ulimit -s 512; list=; for i in $(seq 0 20); do \
// RUN:   list=$list,$((4000 + 4000 * i)):forth.so,$((6000 + 4000 * i)):back.so; \
// RUN:   done; \
// RUN:   env UPSTARE_APPLY_AT="${list#,}" UPSTARE_REPORT=report ./v1 > output)
// RUN: sed 's/ in version.*//' plain > expected
// RUN: sed 's/ in version.*//' output | cmp - expected
// RUN: FileCheck %s < output
// CHECK: in version 1
// CHECK: in version 2
// CHECK: in version 1
// CHECK: in version 2
// RUN: grep -c '"ok":true' report | FileCheck %s --check-prefix=UPDATES
// UPDATES: {{^42$}}

#include <stdio.h>

#ifndef NEXT
#define VERSION 1
struct item {
  int weight;
  int uses;
};
#else
#define VERSION 2
struct item {
  long uses;
  char name[12];
  int weight;
};
#endif

static struct item table[3] = {{.weight = 1}, {.weight = 2}, {.weight = 4}};
static struct item *last = &table[2];
static struct item *outermost;
static volatile int depth = 1000;

static int walk(struct item *item, int level) {
  int sum = 0;
  if (level > 0)
    return walk(item, level - 1) + (level & depth);
  for (int i = 0; i < 3; i++) {
    sum += item->weight + last->weight;
    item->uses++;
    outermost->uses++;
  }
  return sum;
}

int main(void) {
  struct item local = {.weight = 10};
  outermost = &local;
  for (int round = 0; round < 90; round++) {
    int sum = walk(round % 2 ? &local : &table[round % 3], depth);
    printf("%d: sum %d, used %d %d in version %d\n", round, sum,
           (int)local.uses, (int)table[0].uses, VERSION);
  }
  return 0;
}
