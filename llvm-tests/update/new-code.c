// The rest of the active functions is the new one, and so is what they call.
// RUN: %update_at %t %s 2

// CHECK: v1 step 1
// CHECK-NEXT: v2 after 1
// CHECK-NEXT: v2 step 2
// CHECK-NEXT: v2 after 2
// CHECK-NEXT: v2 ends with 12
// CHECK-NEXT: status 2

//--- v1/main.c
#include <stdio.h>
#include "point.h"

__attribute__((noinline)) static void step(int n) {
  printf("v1 step %d\n", n);
  point();
  point();
  printf("v1 after %d\n", n);
}

int main(void) {
  int kept = 10;
  for (int n = 1; n <= 2; n++) {
    step(n);
    kept++;
  }
  printf("v1 ends with %d\n", kept);
  return 1;
}

//--- v2/main.c
#include <stdio.h>
#include "point.h"

__attribute__((noinline)) static void step(int n) {
  printf("v2 step %d\n", n);
  point();
  point();
  printf("v2 after %d\n", n);
}

int main(void) {
  int kept = 10;
  for (int n = 1; n <= 2; n++) {
    step(n);
    kept++;
  }
  printf("v2 ends with %d\n", kept);
  return 2;
}
