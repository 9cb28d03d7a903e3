// A pointer to a function compares equal with the function after several updates:
// of one that version 1 has, and of one that version 2 adds.
// RUN: rm -rf %t && mkdir %t
// RUN: for level in -O0 -O2; do \
// RUN:   for v in 1 2 3; do %upstare_cc $level -DVERSION=$v %s -o %t/v$v || exit 1; done; \
// RUN:   %patchgen %t/v1 %t/v2 -o %t/12.so && %patchgen %t/v2 %t/v3 -o %t/23.so || exit 1; \
// RUN:   UPSTARE_APPLY_AT=1:%t/12.so,2:%t/23.so %t/v1 | FileCheck %s; \
// RUN: done

// CHECK: version 3: first of 3, added of 3, equal 1 1 1 1
// CHECK-NOT: version

#include <stdio.h>

static volatile int two = 2;
__attribute__((noinline)) static void point(void) {
  int i = 0;
  do
    i++;
  while (i < two);
}

typedef int function(void);
static function *from_1, *from_2, *both[2];

__attribute__((noinline)) static int first(void) { return VERSION; }
#if VERSION >= 2
__attribute__((noinline)) static int added(void) { return VERSION; }
#else
static function *added = 0;
#endif

__attribute__((noinline)) static void remember(void) {
  if (!from_1)
    from_1 = first;
  if (!from_2)
    from_2 = added;
  both[VERSION & 1] = first;
}

int main(void) {
  remember();
  point();
  remember();
  point();
  remember();
  printf("version %d: first of %d, added of %d, equal %d %d %d %d\n", VERSION,
         from_1(), from_2(), from_1 == first, from_2 == added,
         both[0] == both[1], both[1] == first);
  return 0;
}
