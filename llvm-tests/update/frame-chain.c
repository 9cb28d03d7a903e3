// A chain of frames, each with a struct that grows and that the next one points to.
// The first six update points are the entries of the six recursive calls.
// RUN: %update_at %t %s 7

// CHECK: 5 4 3 2 1 0 sum 15 tags 6
// CHECK-NEXT: back 5 tag 1
// CHECK-NEXT: back 4 tag 1
// CHECK-NEXT: back 3 tag 1
// CHECK-NEXT: back 2 tag 1
// CHECK-NEXT: back 1 tag 1
// CHECK-NEXT: back 0 tag 1
// CHECK-NEXT: status 0

//--- v1/main.c
#include <stdio.h>
#include "point.h"

struct link {
  struct link *above;
  int depth;
};

__attribute__((noinline)) static int down(struct link *above, int depth) {
  struct link here = {above, depth};
  int result = 0;
  if (depth < 5) {
    result = down(&here, depth + 1) + 1;
  } else {
    point();
    printf("old");
  }
  printf("back %d\n", here.depth);
  return result;
}

int main(void) { return down(NULL, 0); }

//--- v2/main.c
#include <stdio.h>
#include "point.h"

struct link {
  long depth;
  int tag;
  struct link *above;
};

__attribute__((noinline)) static int down(struct link *above, int depth) {
  struct link here = {depth, 1, above};
  int result = 0;
  if (depth < 5) {
    result = down(&here, depth + 1) - 1 + here.tag;
  } else {
    point();
    int sum = 0, tags = 0;
    for (struct link *l = &here; l; l = l->above) {
      printf("%ld ", l->depth);
      l->tag++;
      tags += l->tag;
      sum += (int)l->depth;
    }
    printf("sum %d tags %d\n", sum, tags);
  }
  printf("back %ld tag %d\n", here.depth, here.tag);
  return result;
}

int main(void) {
  int result = down(NULL, 0);
  return result;
}
