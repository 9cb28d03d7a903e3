// Words that may be pointers are forwarded where the override file says so, and
// left where it says that: in globals that stay and that move, in fields, unions,
// arrays and bytes of locals, by value and in memory.
// RUN: %update_at %t %s 1

// CHECK: global 2 3 2
// CHECK-NEXT: moved 3 2
// CHECK-NEXT: union 2 3 -5
// CHECK-NEXT: local 2 3
// CHECK-NEXT: in memory 3 2
// CHECK-NEXT: bytes 2 3
// CHECK-NEXT: left 1
// CHECK-NEXT: status 0

//--- shared.h
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include "point.h"
static struct item items[4] = FILL;
#define VALUE(p) (((struct item *)(p))->value)
static void *cursor = &items[1];
static uintptr_t address;
static void *array[3];
static struct grows {
  GROWS
  void *data;
  struct { unsigned long inner; } part;
} grows;
static struct event {
  int kind;
  union { void *ptr; uint64_t u64; double real; } data;
  union { uintptr_t bits; char text[8]; };
} events[3];
static uintptr_t stale;
static char bytes[3 * sizeof(void *)] __attribute__((aligned(8)));
static struct { char text[20]; } holds_bytes[2] __attribute__((aligned(8)));
static void *saved(const char *from) {
  void *p;
  memcpy(&p, from, sizeof p);
  return p;
}
__attribute__((noinline)) static void fill(void **a, uintptr_t *b) {
  *a = &items[2];
  *b = (uintptr_t)&items[1];
}
//--- v1/main.c
struct item { int value; };
#define FILL {{1}, {2}, {3}, {4}}
#define GROWS
#include "../shared.h"
int main(void) {
  void *local = &items[1], *in_memory;
  uintptr_t number = (uintptr_t)&items[2], number_in_memory;
  fill(&in_memory, &number_in_memory);
  address = (uintptr_t)&items[2];
  array[2] = cursor;
  grows.data = &items[2];
  grows.part.inner = (uintptr_t)&items[1];
  events[0].data.ptr = cursor;
  events[1].data.real = -5;
  events[2].bits = (uintptr_t)&items[2];
  stale = (uintptr_t)cursor;
  memcpy(bytes + 8, &cursor, sizeof cursor);
  memcpy(holds_bytes[1].text + 4, &address, sizeof address);
  point();
  printf("old %d %d %d %d\n", VALUE(local), VALUE(number), VALUE(in_memory),
         VALUE(number_in_memory));
  return 1;
}
//--- v2/main.c
struct item { double added; int value; };
#define FILL {{0, 0}}
#define GROWS int first;
#include "../shared.h"
int main(void) {
  void *local = &items[1], *in_memory;
  uintptr_t number = (uintptr_t)&items[2], number_in_memory;
  fill(&in_memory, &number_in_memory);
  point();
  printf("global %d %d %d\n", VALUE(cursor), VALUE(address), VALUE(array[2]));
  printf("moved %d %d\n", VALUE(grows.data), VALUE(grows.part.inner));
  printf("union %d %d %g\n", VALUE(events[0].data.ptr), VALUE(events[2].bits),
         events[1].data.real);
  printf("local %d %d\n", VALUE(local), VALUE(number));
  printf("in memory %d %d\n", VALUE(in_memory), VALUE(number_in_memory));
  printf("bytes %d %d\n", VALUE(saved(bytes + 8)),
         VALUE(saved(holds_bytes[1].text + 4)));
  printf("left %d\n", stale != (uintptr_t)cursor);
  return 0;
}
//--- override.c
const struct upstare_word_override upstare_words[] = {
  {"cursor", "", UPSTARE_WORD_FORWARD},
  {"address", "", UPSTARE_WORD_FORWARD},
  {"array", "", UPSTARE_WORD_FORWARD},
  {"struct grows", "data", UPSTARE_WORD_FORWARD},
  {"struct grows", "part.inner", UPSTARE_WORD_FORWARD},
  {"struct event", "data", UPSTARE_WORD_FORWARD},
  {"struct event", "bits", UPSTARE_WORD_FORWARD},
  {"stale", "", UPSTARE_WORD_LEAVE},
  {"bytes", "", UPSTARE_WORD_FORWARD},
  {"holds_bytes", "text", UPSTARE_WORD_FORWARD},
  {"main", "*", UPSTARE_WORD_FORWARD},
  {"fill", "*", UPSTARE_WORD_FORWARD},
  {0}};
