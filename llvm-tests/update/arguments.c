// Varargs, variable-length arrays and alloca in the frames of a chain: each frame
// checks its own when the chain is left in the new version.
// RUN: %update_at %t %s 1

// CHECK: here
// CHECK-NEXT: list 40 50 1.5 x 6.25 11
// CHECK-NEXT: by pointer 30 2.5 then 4
// CHECK-NEXT: sum 10 20 30 40 50 60 70 80 90 last 90 0.9
// CHECK-NEXT: wrapper [7 8.5 nine] long 1
// CHECK-NEXT: copied 1 2 3, 2 3
// CHECK-NEXT: fixed 5 and 6
// CHECK-NEXT: vla 0 1 4 9 16 end 5
// CHECK-NEXT: rows 3 0 1 2 10 11 12
// CHECK-NEXT: alloca 3 aligned 1 chain 2 1 0
// CHECK-NEXT: scopes 5
// CHECK-NEXT: status 0

//--- v1/main.c
#include <alloca.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "point.h"

struct pair {
  long a;
  double b;
};

__attribute__((noinline)) static void in_list(int first, ...) {
  va_list list;
  va_start(list, first);
  for (int i = 0; i < 2; i++)
    first += va_arg(list, int);
  puts("here");
  point();
  printf("old %d\n", va_arg(list, int));
  va_end(list);
}

__attribute__((noinline)) static void take(va_list *list) {
  if (va_arg(*list, int))
    puts("wrong");
  in_list(1, 2, 3, 40, 50, 1.5, "x", 6.25L, (struct pair){7, 4.0});
  va_arg(*list, int);
}

__attribute__((noinline)) static void by_pointer(int first, ...) {
  va_list list;
  va_start(list, first);
  va_arg(list, int);
  take(&list);
  printf("old %d\n", va_arg(list, int));
  va_end(list);
}

__attribute__((noinline)) static double many(double total, va_list list) {
  total += va_arg(list, double);
  by_pointer(10, 20, 0, 30, 2.5, 4);
  return total - va_arg(list, double);
}

__attribute__((noinline)) static double sum(int count, ...) {
  va_list list;
  va_start(list, count);
  double total = many(0, list);
  va_end(list);
  return total;
}

__attribute__((noinline)) static int format(char *to, const char *how, ...) {
  va_list list, again;
  va_start(list, how);
  va_copy(again, list);
  sum(3, 0.5, 10.0, 20.0, 30.0, 40.0, 50.0, 60.0, 70.0, 80.0, 90.0, 0.9);
  int length = vsnprintf(to, 2, how, list);
  va_end(list);
  va_end(again);
  return length;
}

__attribute__((noinline)) static void copies(int first, ...) {
  va_list list, rest;
  char text[32];
  va_start(list, first);
  int a = va_arg(list, int);
  va_copy(rest, list);
  format(text, "[%d %.1f %s]", 7, 8.5, "nine");
  printf("old %s %d %d %d\n", text, va_arg(list, int), first, a);
  va_end(rest);
  va_end(list);
}

__attribute__((noinline)) static void becomes_variadic(int a, int b) {
  copies(1, 1, 2, 3);
  printf("old %d %d\n", a, b);
}

__attribute__((noinline)) static void vla(int n) {
  int squares[n];
  for (int i = 0; i < n; i++)
    squares[i] = i * i;
  becomes_variadic(5, 6);
  printf("old %d %d %zu\n", squares[1], n, sizeof squares);
}

__attribute__((noinline)) static void rows(int n, int (*grid)[n]) {
  vla(5);
  printf("old %d %d\n", grid[1][1], n);
}

struct item {
  struct item *next;
  int number;
};

__attribute__((noinline)) static void allocas(int n) {
  struct item *items = NULL;
  for (int i = 0; i < n; i++) {
    struct item *item = alloca(sizeof *item);
    item->next = items;
    item->number = i;
    items = item;
  }
  char *aligned = __builtin_alloca_with_align(100, 64 * 8);
  memset(aligned, 3, 100);
  int grid[2][3] = {{0, 1, 2}, {10, 11, 12}};
  rows(3, grid);
  printf("old %d %d\n", items->number, aligned[99]);
}

// The blocks' arrays come and go: stacksave and stackrestore.
__attribute__((noinline)) static int scopes(int n) {
  int total = 0;
  for (int round = 2; round <= n; round++) {
    int scratch[round + 2];
    memset(scratch, 0, sizeof scratch);
    scratch[round] = round;
    if (round == 2)
      allocas(3);
    if (round == 3)
      goto out;
    total += scratch[round];
  }
out:
  return total;
}

int main(void) {
  printf("old %d\n", scopes(3));
  return 1;
}

//--- v2/main.c
#include <alloca.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "point.h"

struct pair {
  long a;
  double b;
};

__attribute__((noinline)) static void in_list(long first, ...) {
  va_list list;
  va_start(list, first);
  for (int i = 0; i < 2; i++)
    first += va_arg(list, int);
  point();
  int a = va_arg(list, int);
  int b = va_arg(list, int);
  double c = va_arg(list, double);
  const char *d = va_arg(list, const char *);
  long double e = va_arg(list, long double);
  struct pair f = va_arg(list, struct pair);
  printf("list %d %d %g %s %Lg %g\n", a, b, c, d, e, (double)f.a + f.b);
  va_end(list);
}

__attribute__((noinline)) static void take(va_list *list) {
  in_list(1, 2, 3, 40, 50, 1.5, "x", 6.25L, (struct pair){7, 4.0});
  int a = va_arg(*list, int);
  printf("by pointer %d %g", a, va_arg(*list, double));
}

__attribute__((noinline)) static void by_pointer(int first, ...) {
  va_list list;
  va_start(list, first);
  va_arg(list, int);
  take(&list);
  printf(" then %d\n", va_arg(list, int));
  va_end(list);
}

__attribute__((noinline)) static double many(double total, va_list list) {
  total += va_arg(list, double);
  by_pointer(10, 20, 0, 30, 2.5, 4);
  printf("sum");
  double value = 0;
  while (value != 90)
    printf(" %g", value = va_arg(list, double));
  return value;
}

__attribute__((noinline)) static double sum(long count, ...) {
  va_list list;
  va_start(list, count);
  double total = many(0, list);
  printf(" last %g", total);
  printf(" %g\n", va_arg(list, double));
  va_end(list);
  return total;
}

__attribute__((noinline)) static int format(char *to, const char *how, ...) {
  va_list list, again;
  va_start(list, how);
  va_copy(again, list);
  sum(3, 0.5, 10.0, 20.0, 30.0, 40.0, 50.0, 60.0, 70.0, 80.0, 90.0, 0.9);
  int length = vsnprintf(to, 32, how, list);
  printf("wrapper %s long %d\n", to, length == vsnprintf(NULL, 0, how, again));
  va_end(list);
  va_end(again);
  return length;
}

__attribute__((noinline)) static void copies(int first, ...) {
  va_list list, rest;
  char text[32];
  va_start(list, first);
  int a = va_arg(list, int);
  va_copy(rest, list);
  format(text, "[%d %.1f %s]", 7, 8.5, "nine");
  int b = va_arg(list, int) + first - 1;
  int c = va_arg(list, int);
  int d = va_arg(rest, int);
  printf("copied %d %d %d, %d %d\n", a, b, c, d, va_arg(rest, int));
  va_end(rest);
  va_end(list);
}

__attribute__((noinline)) static void becomes_variadic(int a, int b, ...) {
  copies(1, 1, 2, 3);
  printf("fixed %d and %d\n", a, b);
}

__attribute__((noinline)) static void vla(int n) {
  int squares[n];
  for (int i = 0; i < n; i++)
    squares[i] = i * i;
  becomes_variadic(5, 6, 7);
  printf("vla");
  for (int i = 0; i < n; i++)
    printf(" %d", squares[i]);
  printf(" end %ld\n", (long)(sizeof squares / sizeof squares[0]));
}

__attribute__((noinline)) static void rows(int n, int (*grid)[n]) {
  vla(5);
  printf("rows %d", (int)(sizeof grid[0] / sizeof(int)));
  for (int i = 0; i < 2; i++)
    for (int j = 0; j < n; j++)
      printf(" %d", grid[i][j]);
  printf("\n");
}

struct item {
  struct item *next;
  int number;
};

__attribute__((noinline)) static void allocas(int n) {
  struct item *items = NULL;
  for (int i = 0; i < n; i++) {
    struct item *item = alloca(sizeof *item);
    item->next = items;
    item->number = i;
    items = item;
  }
  char *aligned = __builtin_alloca_with_align(100, 64 * 8);
  memset(aligned, 3, 100);
  int grid[2][3] = {{0, 1, 2}, {10, 11, 12}};
  rows(3, grid);
  printf("alloca %d aligned %d chain", aligned[99], (uintptr_t)aligned % 64 == 0);
  for (struct item *item = items; item; item = item->next)
    printf(" %d", item->number);
  printf("\n");
}

__attribute__((noinline)) static int scopes(int n) {
  int total = 0;
  for (int round = 2; round <= n; round++) {
    int scratch[round + 2];
    memset(scratch, 0, sizeof scratch);
    scratch[round] = round;
    if (round == 2)
      allocas(3);
    total += scratch[round];
    if (round == 3)
      goto out;
  }
out:
  return total;
}

int main(void) {
  printf("scopes %d\n", scopes(3));
  return 0;
}
