// A local that nothing has been put into yet is not converted: what its memory
// holds by chance was taken for a pointer to an object on the heap, and the
// update was refused. What is there although no path leads from it, but longjmp,
// is taken along.
// RUN: %update_at %t %s 1

// CHECK: new 7 7
// CHECK-NEXT: behind longjmp 42
// CHECK-NEXT: status 0

//--- both/main.c
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
struct item {
#if V == 2
  char added[24];
#endif
  struct item *next;
  int value;
};
#include "point.h"

// Old frames of it are full of such pointers.
__attribute__((noinline)) static void leave_pointers(struct item *heap) {
  struct item *volatile all[200];
  for (int i = 0; i < 200; ++i)
    all[i] = heap;
}

__attribute__((noinline)) static int first_of(struct item *i) {
  return i->next->value;
}

__attribute__((noinline)) static void nothing_yet(void) {
  struct item local;
  point();
  local.value = 7;
  local.next = &local;
  printf("%s %d %d\n", V == 2 ? "new" : "old", local.value, first_of(&local));
}

static jmp_buf here;
__attribute__((noinline)) static void fill(int *n) {
  *n = 42;
  longjmp(here, 1);
}

__attribute__((noinline)) static void after_jump(void (*run)(void)) {
  int filled;
  if (!setjmp(here)) {
    fill(&filled);
    __builtin_unreachable();
  }
  run();
  printf("behind longjmp %d\n", filled);
}

static void *heap;
__attribute__((noinline)) static void run(void) {
  leave_pointers(heap);
  nothing_yet();
}

int main(void) {
  // No type leads to it, so that it may stay.
  heap = calloc(1, 100);
  after_jump(run);
  free(heap);
  return 0;
}
