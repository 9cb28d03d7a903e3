// Function pointers in arrays, structs, unions and on the heap, and those that the
// C library holds, lead to the new code: also of a static function that becomes
// global, of the reverse, and of functions that move to another file. The old
// code of a removed function runs if the override file says so.
// RUN: %update_at %t %s 1

// CHECK: sorted 3 2 1
// CHECK-NEXT: found 2
// CHECK-NEXT: new becomes_global
// CHECK-NEXT: new becomes_static
// CHECK-NEXT: new moves
// CHECK-NEXT: new static_moves
// CHECK-NEXT: new signal 10
// CHECK-NEXT: old removed 5, new helper
// CHECK-NEXT: equal 1 1 1 1 1
// CHECK-NEXT: new destructor key
// CHECK-NEXT: new added
// CHECK-NEXT: new exit
// CHECK-NEXT: status 0

//--- v1/main.c
#include "../shared.h"
int count = 4;
static void becomes_global(void) { say("old becomes_global"); }
void becomes_static(void) { say("old becomes_static"); }
void moves(void) { say("old moves"); }
static void static_moves(void) { say("old static_moves"); }
__attribute__((noinline)) void helper(void) { say("old helper"); }
static void removed(void) { printf("old removed %d, ", ++count); helper(); }
static int compare(const void *a, const void *b) {
  return *(const int *)a - *(const int *)b;
}
static void on_signal(int n) { say("old signal"); }
static void at_end(void) { say("old exit"); }
static void destroy(void *p) { say("old destructor"); }

int main(void) {
  struct held h = {.array = {becomes_global, becomes_static}};
  struct held *heap = malloc(sizeof *heap);
  seen = &h;
  setvbuf(stdout, 0, _IONBF, 0);
  h.either.call = moves;
  *heap = (struct held){.array = {static_moves, removed}, .compare = compare};
  atexit(at_end);
  signal(SIGUSR1, on_signal);
  pthread_key_create(&key, destroy);
  point();
  say("old code goes on");
  heap->array[0]();
  h.array[0]();
  h.array[1]();
  h.either.call();
  qsort(numbers, 3, sizeof *numbers, heap->compare);
  return 1;
}
//--- v1/other.c
int other;
//--- v2/main.c
#include "../shared.h"
int count = 4;
void added(void);
static int extra = 1;
static void becomes_static(void) { say("new becomes_static"); }
void becomes_global(void) { say("new becomes_global"); }
void moves(void);
void (*static_moves_of(void))(void);
void helper(void) { say("new helper"); }
static int compare(const void *a, const void *b) {
  return *(const int *)b - *(const int *)a;
}
static void on_signal(int n) { printf("new signal %d\n", n); }
static void at_end(void) { say("new exit"); }
static void destroy(void *p) { printf("new destructor %s\n", (char *)p); }
static void *thread(void *p) {
  pthread_setspecific(key, p);
  return 0;
}

int main(void) {
  struct held h = {.array = {becomes_global, becomes_static}};
  struct held *heap = malloc(sizeof *heap);
  seen = &h;
  setvbuf(stdout, 0, _IONBF, 0);
  h.either.call = moves;
  *heap = (struct held){.array = {static_moves_of(), 0}, .compare = compare};
  atexit(at_end);
  signal(SIGUSR1, on_signal);
  pthread_key_create(&key, destroy);
  point();
  qsort(numbers, 3, sizeof *numbers, heap->compare);
  printf("sorted %d %d %d\n", numbers[0], numbers[1], numbers[2]);
  int wanted = 2;
  int *found = bsearch(&wanted, numbers, 3, sizeof *numbers, heap->compare);
  printf("found %d\n", found ? *found : -1);
  h.array[0]();
  h.array[1]();
  h.either.call();
  heap->array[0]();
  raise(SIGUSR1);
  heap->array[1]();
  printf("equal %d %d %d %d %d\n", h.array[0] == becomes_global,
         h.array[1] == becomes_static, h.either.call == moves,
         heap->array[0] == static_moves_of(), heap->compare == compare);
  pthread_t t;
  pthread_create(&t, 0, thread, "key");
  pthread_join(t, 0);
  h.array[0] = added;
  h.array[0]();
  return extra - 1;
}
//--- v2/other.c
#include "../shared.h"
int other;
void added(void) { say("new added"); }
void moves(void) { say("new moves"); }
static void static_moves(void) { say("new static_moves"); }
void (*static_moves_of(void))(void) { return static_moves; }
//--- shared.h
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
struct held {
  void (*array[2])(void);
  union {
    void (*call)(void);
    long number;
  } either;
  int (*compare)(const void *, const void *);
};
static volatile int two = 2;
static struct held *volatile seen;
static pthread_key_t key;
static int numbers[3] = {3, 1, 2};
static inline void say(const char *text) { printf("%s\n", text); }
__attribute__((noinline)) static void point(void) {
  int i = 0;
  do
    i++;
  while (i < two);
}
//--- override.c
const struct upstare_keep_override upstare_keep[] = {{"removed"}, {0}};
