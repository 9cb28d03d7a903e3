// A naked function that jumps on: its own frame is gone, and its caller's goes on.
// RUN: %update_at %t %s 1 -O0 -O2 '-O2 -flto'

// CHECK: here
// CHECK-NEXT: new 7
// CHECK-NEXT: status 0

//--- v1/main.c
#include <stdio.h>
#include "point.h"
__attribute__((used, noinline)) void arrive(void) {
  puts("here");
  point();
}
__attribute__((naked)) void bare(void) { __asm__("jmp arrive"); }
int main(void) {
  int kept = two + 5;
  bare();
  printf("old %d\n", kept);
  return 1;
}

//--- v2/main.c
#include <stdio.h>
#include "point.h"
__attribute__((used, noinline)) void arrive(void) {
  puts("wrong");
  point();
}
__attribute__((naked)) void bare(void) { __asm__("jmp arrive"); }
int main(void) {
  long kept = 1;
  bare();
  printf("new %ld\n", kept);
  return 0;
}
