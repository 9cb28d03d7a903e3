// Function pointers in data: they keep their address, compare equal with the new
// code, and call the new code.
// RUN: %update_at %t %s 1

// CHECK: new alpha 1
// CHECK-NEXT: new beta 2
// CHECK-NEXT: from the heap: new alpha 3
// CHECK-NEXT: handler: new beta 4
// CHECK-NEXT: same 1 1
// CHECK-NEXT: status 0

//--- v1/main.c
#include <stdio.h>
#include "point.h"
#include <stdlib.h>

typedef void function(int);
static void alpha(int n) { printf("old alpha %d\n", n); }
static void beta(int n) { printf("old beta %d\n", n); }
static function *table[] = {alpha, beta};
static function *handler;

int main(void) {
  function **heap = malloc(sizeof *heap);
  function *local = table[1];
  *heap = alpha;
  handler = beta;
  point();
  printf("old code\n");
  table[0](1);
  local(2);
  (*heap)(3);
  handler(4);
  printf("old same %d\n", *heap == alpha && local == beta);
  return 1;
}

//--- v2/main.c
#include <stdio.h>
#include "point.h"
#include <stdlib.h>

typedef void function(int);
static void added(int n) { printf("added %d\n", n); }
static void beta(int n) { printf("new beta %d\n", n); }
static void alpha(int n) { printf("new alpha %d\n", n); }
static function *table[] = {alpha, beta, added};
static function *handler;

int main(void) {
  function **heap = malloc(sizeof *heap);
  function *local = table[1];
  *heap = alpha;
  handler = beta;
  point();
  table[0](1);
  local(2);
  printf("from the heap: ");
  (*heap)(3);
  printf("handler: ");
  handler(4);
  printf("same %d %d\n", *heap == alpha, local == beta && handler == table[1]);
  return 0;
}
