// Through three versions, a function has one address, and pointers to it call the
// newest code: one of the first version, one that the second adds, one that becomes
// global, one that becomes static, one that moves to another file. The pointers are
// in a global, a struct, an array, a union, on the heap and in the C library's hands.
//
// RUN: rm -rf %t && split-file %s %t && cd %t
// RUN: for level in -O0 -O2 -O3; do \
// RUN:   for v in 1 2 3; do \
// RUN:     %upstare_cc $level -DVERSION=$v main.c other.c -o v$v || exit 1; done; \
// RUN:   %patchgen v1 v2 -o 1-2.so && %patchgen v2 v3 -o 2-3.so || exit 1; \
// RUN:   UPSTARE_APPLY_AT=1:1-2.so,4:2-3.so ./v1 > output || exit 1; \
// RUN:   cat output; FileCheck %s < output || exit 1; \
// RUN: done
// CHECK: version 3: kept 3 added 3 to-global 3 to-static 3 wanders 3
// CHECK-NEXT: same 1 1 1 1 1
// CHECK-NEXT: sorted by version 3: 1 2 3
// CHECK-NEXT: signal 3
// CHECK-NEXT: key 3
// CHECK-NEXT: exit 3
// CHECK-NOT: {{.}}

//--- shared.h
typedef int function(void);
struct holder {
  function *in_array[2];
  union {
    function *in_union;
    long number;
  } u;
};
extern struct holder *heap;
extern function *added_pointer;
#if VERSION == 1
extern int to_static(void);
#endif
#if VERSION != 1
extern int wanders(void);
#endif
//--- other.c
#include "shared.h"
#if VERSION == 1
int to_static(void) { return VERSION; }
#else
int wanders(void) { return VERSION; }
#endif
int unused_here;
//--- main.c
#include "shared.h"
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

static volatile int two = 2;
__attribute__((noinline)) static void point(void) {
  int i = 0;
  do
    i++;
  while (i < two);
}

struct holder *heap;
function *added_pointer, *global_pointer;
static pthread_key_t key;
static int (*comparison)(const void *, const void *);
static int compared;

static int kept(void) { return VERSION; }
#if VERSION == 1
int wanders(void) { return VERSION; }
#else
static int to_static(void) { return VERSION; }
static int added(void) { return VERSION; }
#endif
#if VERSION == 1
#define LINKAGE static
#else
#define LINKAGE
#endif
LINKAGE int to_global(void) { return VERSION; }

static int compare(const void *a, const void *b) {
  compared = VERSION;
  return *(const int *)a - *(const int *)b;
}
static void handler(int number) { (void)number; printf("signal %d\n", VERSION); }
static void destroy(void *value) { (void)value; printf("key %d\n", VERSION); }
static void at_exit(void) { printf("exit %d\n", VERSION); }
static void *thread(void *argument) {
  pthread_setspecific(key, argument);
  return argument;
}

__attribute__((noinline)) static void store_added(void) {
#if VERSION == 2
  added_pointer = added;
#endif
}

__attribute__((noinline)) static void show(void) {
  int numbers[] = {3, 1, 2};
  pthread_t id;
  printf("version %d: kept %d added %d to-global %d to-static %d wanders %d\n",
         VERSION, global_pointer(), added_pointer ? added_pointer() : -1,
         heap->in_array[0](), heap->in_array[1](), heap->u.in_union());
#if VERSION != 1
  printf("same %d %d %d %d %d\n", global_pointer == kept,
         added_pointer == added, heap->in_array[0] == to_global,
         heap->in_array[1] == to_static, heap->u.in_union == wanders);
#endif
  qsort(numbers, 3, sizeof numbers[0], comparison);
  printf("sorted by version %d: %d %d %d\n", compared, numbers[0], numbers[1],
         numbers[2]);
  raise(SIGUSR1);
  pthread_create(&id, NULL, thread, &key);
  pthread_join(id, NULL);
}

int main(void) {
  heap = malloc(sizeof *heap);
  global_pointer = kept;
  heap->in_array[0] = to_global;
  heap->in_array[1] = to_static;
  heap->u.in_union = wanders;
  comparison = compare;
  signal(SIGUSR1, handler);
  pthread_key_create(&key, destroy);
  atexit(at_exit);
  point();
  store_added();
  point();
  point();
  point();
  show();
  return 0;
}
