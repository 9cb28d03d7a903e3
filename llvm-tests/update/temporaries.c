// Values that are in no variable are found again by what they are: fields by
// name although their places are exchanged, calls although another one of the
// same function comes before.
// RUN: %update_at %t %s 1

// CHECK: fields 20 30 2
// CHECK-NEXT: addresses b c 2
// CHECK-NEXT: calls 10 20 2
// CHECK-NEXT: new 20 30 b c
// CHECK-NEXT: status 0

//--- v1/main.c
#include <stdio.h>

static volatile int two = 2;
struct pair {
  int a, b, c;
  char x[4], y[4];
};

__attribute__((noinline)) static int point(void) {
  int i = 0;
  do
    i++;
  while (i < two);
  return i;
}
__attribute__((noinline)) static int get(int value) {
  point();
  return value;
}
__attribute__((noinline)) static void fields(int b, int c, int n) {
  printf("fields %d %d %d\n", b, c, n);
}
__attribute__((noinline)) static void places(char *b, char *c, int n) {
  printf("addresses %s %s %d\n", b, c, n);
}
__attribute__((noinline)) static void calls(int a, int b, int n) {
  printf("calls %d %d %d\n", a, b, n);
}

__attribute__((noinline)) static void work(struct pair *p) {
  fields(p->b, p->c, point());
  places(p->x, p->y, point());
  calls(10, get(20), point());
  printf("old %d %d %s %s\n", p->b, p->c, p->x, p->y);
}

int main(void) {
  struct pair p = {1, 20, 30, "b", "c"};
  work(&p);
  return 0;
}

//--- v2/main.c
#include <stdio.h>

static volatile int two = 2;
struct pair {
  int a, c, b;
  char added[4], y[4], x[4];
};

__attribute__((noinline)) static int point(void) {
  int i = 0;
  do
    i++;
  while (i < two);
  return i;
}
__attribute__((noinline)) static int get(int value) {
  point();
  return value;
}
__attribute__((noinline)) static void fields(int b, int c, int n) {
  printf("fields %d %d %d\n", b, c, n);
}
__attribute__((noinline)) static void places(char *b, char *c, int n) {
  printf("addresses %s %s %d\n", b, c, n);
}
__attribute__((noinline)) static void calls(int a, int b, int n) {
  printf("calls %d %d %d\n", a, b, n);
}

__attribute__((noinline)) static void work(struct pair *p) {
  fields(p->b, p->c, point());
  places(p->x, p->y, point());
  calls(10, get(20), point());
  printf("new %d %d %s %s\n", p->b, p->c, p->x, p->y);
}

int main(void) {
  struct pair p = {.a = 1, .b = 20, .c = 30, .x = "b", .y = "c"};
  work(&p);
  return 0;
}
