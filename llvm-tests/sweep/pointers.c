// Pointers to own locals and to callers' locals, stored and passed down.
// RUN: %identity_sweep %t %s -O0
// RUN: %identity_sweep %t %s -O1
// RUN: %identity_sweep %t %s -O2
// RUN: %identity_sweep %t %s -O3
// RUN: %identity_sweep %t %s -O2 -flto

#include "Inputs/sweep.h"

#include <stdlib.h>

static int *global_pointer;
static int **global_twice;

NOINLINE static void bump(int *value, int by) {
  point();
  *value += by;
}

NOINLINE static int own(void) {
  int a = 1, b = 2, array[8] = {0};
  int *to_a = &a, *to_b = &b;
  int **twice = &to_a;
  int *end = array + 8;

  global_pointer = &array[3];
  global_twice = &to_b;
  for (int *p = array; p != end; p++) {
    bump(p, (int)(p - array));
    bump(*twice, *p);
    twice = twice == &to_a ? &to_b : &to_a;
  }
  *global_pointer += 100;
  **global_twice += 1000;
  for (int i = 0; i < 8; i++)
    mix(array[i]);
  global_pointer = NULL;
  global_twice = NULL;
  return a * 7 + b;
}

// A list that runs through the frames.
struct node {
  struct node *next;
  const char *name;
  int value;
};

NOINLINE static int through_frames(struct node *list, int depth) {
  static const char *const names[] = {"alpha", "beta", "gamma"};
  struct node here = {list, names[depth % 3], depth * depth};
  int sum = 0;

  if (depth < 12)
    sum = through_frames(&here, depth + 1);
  for (struct node *n = &here; n; n = n->next) {
    n->value += 1;
    sum += n->value * (int)strlen(n->name);
  }
  point();
  return sum + here.value;
}

// A pointer one past the end, one into the middle of a struct, one to void.
struct box {
  char tag;
  struct {
    long inner[3];
  } part;
};

NOINLINE static long inside(void) {
  struct box boxes[3];
  long *middle = &boxes[1].part.inner[1];
  void *any = &boxes[2];
  struct box *end = boxes + 3;

  memset(boxes, 0, sizeof boxes);
  point();
  *middle = 42;
  ((struct box *)any)->tag = 7;
  point();
  long sum = 0;
  for (struct box *b = boxes; b < end; b++)
    sum = sum * 10 + b->tag + b->part.inner[1];
  return sum;
}

// The heap points to the stack.
NOINLINE static long from_heap(void) {
  long local[4] = {1, 2, 3, 4};
  long **cells = malloc(4 * sizeof *cells);
  long sum = 0;

  for (int i = 0; i < 4; i++)
    cells[i] = &local[3 - i];
  point();
  for (int i = 0; i < 4; i++) {
    *cells[i] *= 10 + i;
    point();
  }
  for (int i = 0; i < 4; i++)
    sum = sum * 3 + local[i];
  free(cells);
  return sum;
}

int main(int argc, char **argv) {
  int (*function)(void) = own;
  char **arguments = argv;

  mix(function());
  mix(own());
  report("own");
  mix(through_frames(NULL, 0));
  report("frames");
  mix(inside());
  report("inside");
  mix(from_heap());
  report("heap");
  mix(argc);
  mix(arguments[argc] == NULL);
  return 0;
}
