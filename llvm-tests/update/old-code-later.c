// Code of a removed function that goes on: later updates that it can live with are
// made, those that change what it may use are refused.
// RUN: rm -rf %t && mkdir %t
// RUN: for v in 1 2 3 4; do %upstare_cc -O1 -DVERSION=$v %s -o %t/v$v || exit 1; done
// RUN: %patchgen %t/v1 %t/v2 -o %t/12.so --keep-removed
// RUN: %patchgen %t/v2 %t/v3 -o %t/23.so
// RUN: %patchgen %t/v3 %t/v4 -o %t/34.so
// RUN: UPSTARE_REPORT=%t/report UPSTARE_APPLY_AT=1:%t/12.so,2:%t/23.so,3:%t/34.so %t/v1 2> %t/errors | FileCheck %s
// RUN: FileCheck %s --check-prefix=REPORT < %t/report
// A process that began with version 3 has no such code.
// RUN: UPSTARE_APPLY_AT=3:%t/34.so %t/v3 | FileCheck %s --check-prefix=FRESH

// CHECK: old code of 1: 2
// CHECK: version 3, total 5
// REPORT-COUNT-2: "ok":true
// REPORT: {"ok":false,"status":"old-code","message":"functions that an earlier update removed may still run, {{.*}}: removed",
// FRESH: version 4, total 3

#include <stdio.h>

static volatile int two = 2;
__attribute__((noinline)) static void point(void) {
  int i = 0;
  do
    i++;
  while (i < two);
}
#if VERSION < 4
static int total;
#else
static long total;
#endif
static void (*callback)(void);
#if VERSION == 1
static void removed(void) { printf("old code of 1: %d\n", (int)(total += 2)); }
#else
static void (*removed)(void) = 0;
#endif

int main(void) {
  callback = removed;
  point();
  if (callback)
    callback();
  point();
  total += 3;
  point();
  printf("version %d, total %d\n", VERSION, (int)total);
  return 0;
}
