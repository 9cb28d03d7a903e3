// A call in tail position becomes a jump, so that the frame is gone: patchgen warns
// if the new version has code behind it. The option keep-tail-frames keeps the
// frame. A musttail call is a jump in any case, in both directions.
// RUN: rm -rf %t && split-file %s %t
// RUN: for v in v1 v2; do %upstare_cc -O2 %t/$v.c -o %t/$v && \
// RUN:   env UPSTARE_OPTIONS=keep-tail-frames %upstare_cc -O2 %t/$v.c -o %t/$v.kept && \
// RUN:   %upstare_cc -O0 %t/$v.c -o %t/$v.plain || exit 1; done
// RUN: %patchgen %t/v1 %t/v2 -o %t/p.so 2>&1 | FileCheck %s --check-prefix=WARNING
// RUN: %patchgen %t/v1.kept %t/v2.kept -o %t/kept.so 2>&1 | FileCheck %s --check-prefix=SILENT --allow-empty
// RUN: %patchgen %t/v1.plain %t/v2.plain -o %t/plain.so 2>&1 | FileCheck %s --check-prefix=SILENT --allow-empty
// RUN: env UPSTARE_APPLY_AT=1:%t/p.so %t/v1 | FileCheck %s --check-prefixes=OUT,GONE
// RUN: env UPSTARE_APPLY_AT=1:%t/kept.so %t/v1.kept | FileCheck %s --check-prefixes=OUT,KEPT
// RUN: env UPSTARE_APPLY_AT=1:%t/plain.so %t/v1.plain | FileCheck %s --check-prefixes=OUT,KEPT
// RUN: for v in p:v1 kept:v1.kept; do \
// RUN:   env UPSTARE_APPLY_AT=2:%t/${v%%:*}.so %t/${v##*:} | FileCheck %s --check-prefix=LATE || exit 1; done

// LATE: main old 5
// LATE-NEXT: musttail 11 new
// WARNING: warning: v1.c:[[#]]: in function 'middle': call of low() is in tail position, and may have become a jump{{.*}}keep-tail-frames
// WARNING-NOT: tail position
// SILENT-NOT: tail position
// OUT: low new
// GONE-NOT: middle new
// KEPT-NEXT: middle new 5
// OUT-NEXT: main new 5
// OUT-NEXT: musttail 11 new

//--- v1.c
#include <stdio.h>
static volatile int two = 2;
__attribute__((noinline)) static void point(void) {
  int i = 0;
  do
    i++;
  while (i < two);
}
__attribute__((noinline)) static int low(int n) {
  point();
  printf("low old\n");
  return n;
}
__attribute__((noinline)) static int middle(int n) { return low(n + 1); }
static int odd(int n, int sum);
__attribute__((noinline)) static int even(int n, int sum) {
  if (n == 0)
    return sum;
  __attribute__((musttail)) return odd(n - 1, sum + 1);
}
__attribute__((noinline)) static int odd(int n, int sum) {
  if (n == 9)
    middle(3);
  __attribute__((musttail)) return even(n - 1, sum + 1);
}
int main(void) {
  printf("main old %d\n", middle(4));
  printf("musttail %d old\n", even(10, 1));
  return 0;
}
//--- v2.c
#include <stdio.h>
static volatile int two = 2;
__attribute__((noinline)) static void point(void) {
  int i = 0;
  do
    i++;
  while (i < two);
}
__attribute__((noinline)) static int low(int n) {
  point();
  if (n == 5)
    printf("low new\n");
  return n;
}
__attribute__((noinline)) static int middle(int n) {
  int result = low(n + 1);
  if (result == 5)
    printf("middle new %d\n", result);
  return result;
}
static int odd(int n, int sum);
__attribute__((noinline)) static int even(int n, int sum) {
  if (n == 0)
    return sum;
  __attribute__((musttail)) return odd(n - 1, sum + 1);
}
__attribute__((noinline)) static int odd(int n, int sum) {
  if (n == 9)
    middle(3);
  __attribute__((musttail)) return even(n - 1, sum + 1);
}
int main(void) {
  printf("main new %d\n", middle(4));
  printf("musttail %d new\n", even(10, 1));
  return 0;
}
