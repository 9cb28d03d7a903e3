// Two libraries that are built alike have functions at the same distances from
// their beginnings: an old entry leads to its own successor all the same.
// RUN: %update_libraries_at %t %s 1 -O0 -O2

// CHECK: v2 112 122 132 142 212 222 232 242
// CHECK-NEXT: status 0

//--- main.h
#include <stdio.h>
int one_a(void), one_b(void), one_c(void), one_d(void);
int two_a(void), two_b(void), two_c(void), two_d(void);
static volatile int rounds = 2;
static int (*kept[])(void) = {one_a, one_b, one_c, one_d,
                              two_a, two_b, two_c, two_d};
static void point(void) {
  int i = 0;
  do
    i++;
  while (i < rounds);
}
static void call_all(const char *version) {
  printf("%s", version);
  for (int i = 0; i < 8; i++)
    printf(" %d", kept[i]());
  printf("\n");
}

//--- v1/libone/one.c
int one_a(void) { return 111; }
int one_b(void) { return 121; }
int one_c(void) { return 131; }
int one_d(void) { return 141; }
//--- v1/libtwo/two.c
int two_a(void) { return 211; }
int two_b(void) { return 221; }
int two_c(void) { return 231; }
int two_d(void) { return 241; }
//--- v1/program/main.c
#include "../../main.h"
int main(void) {
  point();
  call_all("v1");
  return 1;
}

//--- v2/libone/one.c
int one_a(void) { return 112; }
int one_b(void) { return 122; }
int one_c(void) { return 132; }
int one_d(void) { return 142; }
//--- v2/libtwo/two.c
int two_a(void) { return 212; }
int two_b(void) { return 222; }
int two_c(void) { return 232; }
int two_d(void) { return 242; }
//--- v2/program/main.c
#include "../../main.h"
int main(void) {
  point();
  call_all("v2");
  return 0;
}
