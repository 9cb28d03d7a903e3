// Typed pointers into globals and locals that change: to members, into the middle
// of arrays, one past the end, to pointers, qualified ones, in arrays in structs
// in unions of pointers. All are forwarded exactly.
// RUN: %update_at %t %s 1

// CHECK: 12 12 12 12
// CHECK-NEXT: 31 31
// CHECK-NEXT: end 4 4 4
// CHECK-NEXT: twice 12 2
// CHECK-NEXT: in union 12 31
// CHECK-NEXT: ring 6
// CHECK-NEXT: status 0

//--- shared.h
#include <stdio.h>
#include "point.h"
static struct item items[4] = FILL;
static struct item *middle = &items[1];
static const struct item *const *restrict to_pointer;
static volatile int *member = &items[3].value;
static struct item *end = items + 4;
static struct holder {
  struct {
    union {
      struct item *p;
      const struct item *q;
    } u[2];
  } in[2];
} holder;
//--- v1/main.c
struct item { short id; int value; };
#define FILL {{1, 11}, {2, 12}, {3, 21}, {4, 31}}
#include "../shared.h"
struct node { struct node *next; int n; };
int main(void) {
  struct item local[4] = FILL;
  struct item *of_local = &local[1], **twice = &of_local, *local_end = local + 4;
  int *at = &local[3].value, *of_value = &local[1].value;
  struct node a = {0, 1}, b = {&a, 2}, c = {&b, 3};
  a.next = &c;
  const struct item *first = middle;
  to_pointer = &first;
  holder.in[1].u[0].p = middle;
  holder.in[1].u[1].q = &items[3];
  point();
  printf("old %d %d %d %d\n", of_local->value, *at, (*twice)->value, *of_value);
  printf("old %d %ld %d\n", c.next->n, local_end - local, (*to_pointer)->value);
  return 1;
}
//--- v2/main.c
struct item { long added; int value; short id; char more[5]; };
#define FILL {{0, 1, 1}}
#include "../shared.h"
struct node { int n; double added; struct node *next; };
int main(void) {
  struct item local[4] = FILL;
  struct item *of_local = &local[1], **twice = &of_local, *local_end = local + 4;
  int *at = &local[3].value, *of_value = &local[1].value;
  struct node a = {1}, b = {2, 0, &a}, c = {3, 0, &b};
  a.next = &c;
  const struct item *first = middle;
  to_pointer = &first;
  point();
  printf("%d %d %d %d\n", of_local->value, middle->value, *of_value,
         (*to_pointer)->value);
  printf("%d %d\n", *member, *at);
  printf("end %d %d %d\n", (int)(end - items), (int)(local_end - local),
         (int)((char *)end - (char *)items == sizeof items) * 4);
  printf("twice %d %d\n", (*twice)->value, items[1].id);
  printf("in union %d %d\n", holder.in[1].u[0].p->value,
         holder.in[1].u[1].q->value);
  printf("ring %d\n", c.n + c.next->n + c.next->next->n);
  return 0;
}
