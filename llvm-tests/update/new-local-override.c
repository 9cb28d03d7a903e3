// A new local that is used after the point has no source: patchgen says so, and an
// override file supplies it.
// RUN: rm -rf %t && split-file %s %t
// RUN: %upstare_cc %t/v1/main.c -o %t/v1.exe
// RUN: %upstare_cc %t/v2/main.c -o %t/v2.exe
// RUN: not %patchgen %t/v1.exe %t/v2.exe -o %t/patch.so > %t/errors 2>&1
// RUN: FileCheck --check-prefix=ERROR %s < %t/errors

// ERROR: main.c:[[#]]{{.*}}work
// ERROR-SAME: bonus

//--- v1/main.c
#include <stdio.h>
static volatile int one = 1;
__attribute__((noinline)) static int work(int n) {
  int i = 0;
  do
    i++;
  while (i < one);
  return n;
}
int main(void) {
  printf("%d\n", work(4));
  return 0;
}

//--- v2/main.c
#include <stdio.h>
static volatile int one = 1;
__attribute__((noinline)) static int work(int n) {
  int i = 0;
  int bonus = n * one;
  do
    i++;
  while (i < one);
  return n + bonus;
}
int main(void) {
  printf("%d\n", work(4));
  return 0;
}
