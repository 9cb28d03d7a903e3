// Static locals, function pointers, callbacks of the C library (a frame of qsort
// has no record: the update waits) and of the program.
// RUN: %identity_sweep %t %s -O0
// RUN: %identity_sweep %t %s -O2
// RUN: %identity_sweep %t %s -O3
// RUN: %identity_sweep %t %s -O2 -flto
// RUN: %identity_sweep %t %s -O2 -flto=thin

#include "Inputs/sweep.h"

#include <stdlib.h>

typedef int operation(int, int);

NOINLINE static int add(int a, int b) { return (int)opaque(a) + b; }
NOINLINE static int multiply(int a, int b) { return (int)opaque(a) * b; }
static int subtract(int a, int b) { return a - b; }

static struct {
  const char *name;
  operation *function;
  int used;
} table[] = {{"add", add, 0}, {"multiply", multiply, 0}, {"sub", subtract, 0}};

NOINLINE static int counter(void) {
  static int count = 10;
  static int history[4];
  static int *last = &history[0];
  point();
  *last = ++count;
  last = &history[count % 4];
  point();
  return history[0] + history[1] * 3 + history[2] * 5 + count;
}

NOINLINE static operation *choose(int n) {
  static operation *const order[] = {multiply, subtract, add};
  point();
  return order[n % 3];
}

NOINLINE static int apply(operation *function, int a, int b) {
  int result = function(a, b);
  return result + (function == add) + 2 * (function == multiply);
}

static int comparisons;

static int compare(const void *a, const void *b) {
  const int *left = a, *right = b;
  comparisons++;
  point();
  return (*left > *right) - (*left < *right);
}

static int visit_sum;
NOINLINE static void for_each(int *values, int count,
                              void (*visit)(int *, void *), void *data) {
  for (int i = 0; i < count; i++)
    visit(&values[i], data);
}
static void visitor(int *value, void *data) {
  int *factor = data;
  point();
  *value *= *factor;
  visit_sum += *value;
  ++*factor;
}

int main(void) {
  int values[] = {5, -3, 9, 1, 7, -8, 2};
  int factor = 2;

  for (int i = 0; i < 6; i++)
    mix(counter());
  report("static locals");
  for (int i = 0; i < 9; i++) {
    mix(apply(choose(i), i, 7));
    table[i % 3].used++;
    mix(table[i % 3].function(i, 2));
  }
  for (int i = 0; i < 3; i++)
    mix(table[i].used + (long)strlen(table[i].name));
  report("pointers");
  qsort(values, 7, sizeof values[0], compare);
  for (int i = 0; i < 7; i++)
    mix(values[i]);
  mix(comparisons > 0);
  int key = 7;
  int *found = bsearch(&key, values, 7, sizeof values[0], compare);
  mix(found ? found - values : -1);
  report("qsort");
  for_each(values, 7, visitor, &factor);
  mix(visit_sum + factor);
  report("visitor");
  return 0;
}
