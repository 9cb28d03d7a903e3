// A wrong option in the environment is a compile error and leaves no object.
// RUN: rm -f %t.o
// RUN: not env UPSTARE_OPTIONS=entry-polls=often %instrument -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: test ! -e %t.o
// RUN: env 'UPSTARE_OPTIONS=entry-polls=all;save-all' %instrument -c %s -o %t.o
// RUN: llvm-nm %t.o | FileCheck --check-prefix=POLLED %s

// CHECK: error: upstare: option 'entry-polls' is none, cycles or all, not 'often'
// POLLED: U upstare_update_point
int leaf(int n) { return n; }
