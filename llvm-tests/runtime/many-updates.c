// Hundreds of updates in one run, each with frames on the stack, a pointer into
// one, and a pause that does not depend on how many came before.
// RUN: mkdir -p %t && cd %t
// RUN: %upstare_cc -O2 %s -o program && %patchgen program program -o patch
// RUN: ./program > expected
// RUN: rm -f report && env UPSTARE_REPORT=report UPSTARE_APPLY_EVERY=25:patch ./program > output
// RUN: cmp expected output
// RUN: grep -c '"ok":true' report | FileCheck %s
// RUN: not grep '"ok":false' report
// CHECK: {{^[3-9][0-9][0-9]$}}
//
// RUN: env UPSTARE_APPLY_EVERY=none:patch ./program 2>&1 | FileCheck %s --check-prefix=BAD
// BAD: UPSTARE_APPLY_EVERY ignored: "none:patch" is not NUMBER:PATCH

#include <stdio.h>

static int fib(int n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }

int main(void) {
  int local[4] = {1, 2, 3, 4};
  int *into = local;
  for (int i = 0; i < 17; i++)
    printf("%d %d\n", fib(i), into[i % 4]++);
  return 0;
}
