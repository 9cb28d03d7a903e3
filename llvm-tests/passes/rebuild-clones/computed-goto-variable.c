// A label in a variable would be an address in the old code after an update: no
// clone, and the reason is told.
// RUN: %emit %s | %opt -passes='upstare-rebuild-clones' -pass-remarks-missed=upstare -S 2>&1 | FileCheck %s

int f(int);

// CHECK: no clone: it computes with addresses of its labels
// CHECK-NOT: us.rebuild.
int jumps(int n) {
  void *next = n ? &&again : &&stop;
again:
  n -= f(n);
  if (n < 0)
    next = &&stop;
  goto *next;
stop:
  return n;
}
