// A program patched to itself: nothing changes, everything stays in place, and
// the patch exports one symbol and needs the binder.
// RUN: %upstare_cc -O2 %s -o %t
// RUN: %patchgen %t %t -o %t.so --report %t.report
// RUN: FileCheck %s --check-prefix=REPORT --input-file=%t.report
// RUN: llvm-readelf --dyn-syms %t.so | FileCheck %s --check-prefix=SYMBOLS
// RUN: llvm-readelf -d -S %t.so | FileCheck %s --check-prefix=FILE
// RUN: llvm-readelf -d %t.so | FileCheck %s --check-prefix=UNLOADED
// RUN: test "$(stat -c %%a %t.so)" = 755

// REPORT: written to
// REPORT: Functions: 2 unchanged
// REPORT-NOT: changed (
// REPORT: Globals: 2 stay where they are
// REPORT-NOT: {{moved|new|removed}} (

// SYMBOLS: UND{{.*}}us.g.
// SYMBOLS-NOT: GLOBAL {{.*}} {{main|work|state}}
// SYMBOLS: upstare_patch_v3

// FILE-DAG: .upstare.patch
// FILE-DAG: NEEDED{{.*}}us-bind-{{[0-9a-f]+}}
// FILE-DAG: NEEDED{{.*}}libupstare.so

// A patch that was only checked goes again.
// UNLOADED-NOT: NODELETE

#include <stdio.h>
static int state = 1;
int shared[4];
int work(int n) {
  for (int i = 0; i < n; i++)
    printf("%d\n", state += shared[i & 3]);
  return state;
}
int main(int argc, char **argv) {
  while (work(argc) > 10)
    puts("again");
  return 0;
}
