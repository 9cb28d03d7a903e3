// An updated program runs under valgrind as any other: memcheck takes neither
// the update for an error, nor what the new frames hold for uninitialised.
// Functions are entered through pointers to the old ones, so that the new code
// shows that valgrind translates it anew.
// REQUIRES: valgrind
// RUN: rm -rf %t && mkdir %t && cd %t
// RUN: for level in -O0 -O2; do for v in 1 2; do \
// RUN:   %upstare_cc -gdwarf-4 $level -DV=$v %s -o v$v || exit 1; done; \
// RUN:   %patchgen v1 v1 -o identity && %patchgen v1 v2 -o 1-2 || exit 1; \
// RUN:   for point in 1 5 9; do \
// RUN:     UPSTARE_APPLY_AT=$point:identity \
// RUN:       valgrind -q --error-exitcode=9 ./v1 || exit 1; \
// RUN:     UPSTARE_APPLY_AT=$point:1-2 \
// RUN:       valgrind -q --error-exitcode=9 ./v1 || exit 1; \
// RUN:   done; done >output
// RUN: FileCheck %s <output
// CHECK-COUNT-6: {{^}}version 1: 55 heap, called 1{{$[[:space:]]}}version 2: 55 heap, called 2{{$}}
// CHECK-NOT: version

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct item {
  int id;
#if V == 2
  long weight;
#endif
  struct item *next;
};
static struct item first = {1};
static struct item *list = &first;

static int version(void) { return V; }
static int (*volatile called)(void) = version;

__attribute__((noinline)) static int walk(int n) {
  char buffer[32];
  struct item local = {n};
  local.next = list;
  list = &local;
  snprintf(buffer, sizeof buffer, "d%d", n);
  int sum = 0;
  if (n > 0)
    sum = walk(n - 1);
  for (struct item *p = list; p; p = p->next)
    sum += p->id;
  list = local.next;
  return sum + (int)strlen(buffer);
}

int main(void) {
  char *heap = malloc(10);
  strcpy(heap, "heap");
  int sum = walk(4);
  int other = walk(0);
  printf("version %d: %d %s, called %d\n", V, sum + other - other, heap,
         called());
  free(heap);
  return 0;
}
