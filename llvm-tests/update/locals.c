// Locals that change: structs by value and with their address stored elsewhere,
// retyped scalars, arrays, and a parameter of another type.
// RUN: %update_at %t %s 1

// CHECK: inner 5 0 6 by 3
// CHECK-NEXT: stored 5 6 same 1
// CHECK-NEXT: array 1 2 3 0 same 1
// CHECK-NEXT: outer 100 2.5 9
// CHECK-NEXT: status 0

//--- v1/main.c
#include <stdio.h>
#include "point.h"

struct state {
  int x, y;
};
static struct state *stored;
static int *stored_item;

__attribute__((noinline)) static void inner(struct state *state, short by) {
  int local[3] = {1, 2, 3};
  stored_item = &local[1];
  point();
  printf("old %d %d %d %d %d %d\n", state->x, state->y, by, local[0],
         *stored_item, stored->x);
}

int main(void) {
  struct state state = {5, 6};
  int count = 100;
  float part = 2.5f;
  unsigned char small = 9;
  stored = &state;
  inner(&state, 3);
  printf("old %d %g %d\n", count, part, small);
  return 1;
}

//--- v2/main.c
#include <stdio.h>
#include "point.h"

struct state {
  long x;
  int between;
  int y;
};
static struct state *stored;
static int *stored_item;

__attribute__((noinline)) static void inner(struct state *state, long by) {
  int local[4] = {1, 2, 3};
  stored_item = &local[1];
  point();
  printf("inner %ld %d %d by %ld\n", state->x, state->between, state->y, by);
  printf("stored %ld %d same %d\n", stored->x, stored->y, stored == state);
  printf("array %d %d %d %d same %d\n", local[0], local[1], local[2], local[3],
         stored_item == &local[1]);
}

int main(void) {
  struct state state = {5, 0, 6};
  long long count = 100;
  double part = 2.5f;
  int small = 9;
  stored = &state;
  inner(&state, 3);
  printf("outer %lld %g %d\n", count, part, small);
  return 0;
}
