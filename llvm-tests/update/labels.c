// Computed gotos whose labels are fetched before the update and jumped to after
// it: from local arrays, from variables, from tables of structures; the next
// version has other labels, in another order where names tell.
// RUN: %update_at %t %s 5

// CHECK: new array add 7
// CHECK-NEXT: new variable twice 14
// CHECK-NEXT: new fetched twice 28
// CHECK-NEXT: new either 3 twice 56
// CHECK-NEXT: new named (twice) twice 112
// CHECK-NEXT: 112
// CHECK-NEXT: again new array add 6
// CHECK-NEXT: new variable add 11
// CHECK-NEXT: 11
// CHECK-NEXT: status 0
// CHECK-NOT: old

//--- v1/main.c
#include <stdio.h>
#include "point.h"
#define FRAME __attribute__((noinline)) static

// A local array.
FRAME int array(int n, int which) {
  void *labels[] = {&&twice, &&add};
  point();
  goto *labels[which];
twice:
  printf("old array twice %d\n", n * 2);
  return n * 2;
add:
  printf("old array add %d\n", n + 5);
  return n + 5;
}

// A variable for one of two labels.
FRAME int variable(int n, int which) {
  void *next = which ? &&add : &&twice;
  n = array(n, 1);
  goto *next;
twice:
  printf("old variable twice %d\n", n * 2);
  return n * 2;
add:
  printf("old variable add %d\n", n + 5);
  return n + 5;
}

// Fetched from a table, called in between.
FRAME int fetched(int n, const int *code) {
  static const void *const labels[] = {&&twice, &&add};
  const void *next = labels[code[0]];
  n = variable(n, code[1]);
  goto *next;
twice:
  printf("old fetched twice %d\n", n * 2);
  return n * 2;
add:
  printf("old fetched add %d\n", n + 5);
  return n + 5;
}

// One from a table, or another that is named; in a loop.
FRAME int either(int n, const int *code) {
  static void *labels[] = {&&twice, &&add};
  int rounds = 0;
  const void *next = two == 2 ? labels[code[0]] : &&add;
again:
  if (rounds == 0)
    n = fetched(n, code);
  if (++rounds < 3)
    goto again;
  goto *next;
twice:
  printf("old either %d twice %d\n", rounds, n * 2);
  return n * 2;
add:
  printf("old either %d add %d\n", rounds, n + 5);
  return n + 5;
}

// A table of structures.
FRAME int named(int n, const int *code) {
  static const struct {
    const char *name;
    void *label;
  } ops[] = {{"old twice", &&twice}, {"old add", &&add}};
  const void *next = ops[code[0]].label;
  n = either(n, code);
  const char *name = ops[code[0]].name;
  goto *next;
twice:
  printf("old named (%s) twice %d\n", name, n * 2);
  return n * 2;
add:
  printf("old named (%s) add %d\n", name, n + 5);
  return n + 5;
}

int main(void) {
  static const int code[] = {0, 0};
  // The update comes in the second call.
  for (int round = 0; round < 2; round++)
    if (round)
      printf("%d\n", named(2, code));
    else
      for (int i = 0; i < 2; i++)
        point();
  printf("old again\n");
  printf("%d\n", variable(1, 1));
  return 0;
}

//--- v2/main.c
#include <stdio.h>
#include "point.h"
#define FRAME __attribute__((noinline)) static

FRAME int array(int n, int which) {
  void *labels[] = {&&twice, &&add, &&none};
  point();
  goto *labels[which];
none:
  printf("new array none\n");
twice:
  printf("new array twice %d\n", n * 2);
  return n * 2;
add:
  printf("new array add %d\n", n + 5);
  return n + 5;
}

FRAME int variable(int n, int which) {
  void *next = which == 2 ? &&none : which ? &&add : &&twice;
  n = array(n, 1);
  goto *next;
none:
  printf("new variable none\n");
add:
  printf("new variable add %d\n", n + 5);
  return n + 5;
twice:
  printf("new variable twice %d\n", n * 2);
  return n * 2;
}

FRAME int fetched(int n, const int *code) {
  static const void *const labels[] = {&&twice, &&add, &&none};
  const void *next = labels[code[0]];
  n = variable(n, code[1]);
  goto *next;
none:
  printf("new fetched none\n");
add:
  printf("new fetched add %d\n", n + 5);
  return n + 5;
twice:
  printf("new fetched twice %d\n", n * 2);
  return n * 2;
}

FRAME int either(int n, const int *code) {
  static void *labels[] = {&&twice, &&add};
  int rounds = 0;
  const void *next = two == 2 ? labels[code[0]] : &&add;
again:
  if (rounds == 0)
    n = fetched(n, code);
  if (++rounds < 3)
    goto again;
  goto *next;
add:
  printf("new either %d add %d\n", rounds, n + 5);
  return n + 5;
twice:
  printf("new either %d twice %d\n", rounds, n * 2);
  return n * 2;
}

FRAME int named(int n, const int *code) {
  static const struct {
    const char *name;
    void *label;
  } ops[] = {{"twice", &&twice}, {"add", &&add}, {"none", &&none}};
  const void *next = ops[code[0]].label;
  n = either(n, code);
  const char *name = ops[code[0]].name;
  goto *next;
none:
  printf("new named none\n");
add:
  printf("new named (%s) add %d\n", name, n + 5);
  return n + 5;
twice:
  printf("new named (%s) twice %d\n", name, n * 2);
  return n * 2;
}

int main(void) {
  static const int code[] = {0, 0};
  for (int round = 0; round < 2; round++)
    if (round)
      printf("%d\n", named(2, code));
    else
      for (int i = 0; i < 2; i++)
        point();
  printf("again ");
  printf("%d\n", variable(1, 1));
  return 0;
}
