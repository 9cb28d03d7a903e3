// No record names what alloca has given, or an array of variable length that only
// a global knows. Such memory was used again by the new frames, or those of the
// next update.
// RUN: %clang -O0 -w %s -o %t.plain && %t.plain >%t.expected
// RUN: for level in -O0 -O2; do %upstare_cc $level -w %s -o %t && \
// RUN:   %patchgen %t %t -o %t.patch || exit 1; for every in 1 2 7 20; do \
// RUN:     rm -f %t.report; UPSTARE_APPLY_EVERY=$every:%t.patch \
// RUN:       UPSTARE_REPORT=%t.report %t | diff %t.expected - && \
// RUN:     FileCheck %s --input-file %t.report || exit 1; \
// RUN:   done; done
// CHECK: {"ok":true
// CHECK-NOT: "ok":false

#include <alloca.h>
#include <stdio.h>
#include <string.h>

static volatile int two = 2;
static void point(void) {
  int i = 0;
  do
    i++;
  while (i < two);
}

struct cell {
  struct cell *next;
  int value;
};
static struct cell *table[12];
static char *text;
static int *numbers;

__attribute__((noinline)) static int use(char *of) {
  char more[100];
  point();
  return snprintf(more, sizeof more, "<%s>", of);
}

// A list whose cells know each other, and one that a global variable knows.
__attribute__((noinline)) static long cells(int n) {
  struct cell *list = 0;
  long sum = 0;
  for (int i = 0; i < n; i++) {
    struct cell *cell = alloca(sizeof *cell);
    cell->next = list;
    cell->value = i * i;
    list = cell;
    table[i] = alloca(sizeof **table);
    table[i]->value = i;
    char of[20];
    snprintf(of, sizeof of, "%d", i);
    sum += use(of);
  }
  for (int i = 0; list; list = list->next, i++) {
    sum = sum * 3 + list->value + table[i]->value;
    point();
  }
  return sum;
}

__attribute__((noinline)) static void overwrite(void) {
  char bytes[500];
  memset(bytes, 'x', sizeof bytes);
  point();
  asm volatile("" : : "r"(bytes) : "memory");
}

// Known to globals alone.
__attribute__((noinline)) static void once(int n) {
  int array[n];
  for (int i = 0; i < n; i++)
    array[i] = i;
  numbers = array;
  text = alloca(100);
  strcpy(text, "text");
  for (int i = 0; i < 5; i++)
    overwrite();
  printf("%s %d %d\n", text, numbers[1], numbers[n - 1]);
}

int main(void) {
  once(9);
  printf("%ld\n", cells(12));
  printf("%ld\n", cells(5));
  return 0;
}
