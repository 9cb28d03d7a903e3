// A label that is read from memory that may change would be an address in the old
// code after an update: no clone, and the reason is told.
// RUN: %emit %s | %opt -passes='upstare-label-tables,upstare-rebuild-clones' -pass-remarks-missed=upstare -S 2>&1 | FileCheck %s

int f(int);

// CHECK: no clone: it goes to a label that it has not read from a constant table of labels
// CHECK-NOT: us.rebuild.
int jumps(int n) {
  void *next[2];
  next[0] = n ? &&again : &&stop;
  next[1] = &&stop;
again:
  n -= f(n);
  if (n < 0)
    next[0] = &&stop;
  goto *next[n & 1];
stop:
  return n;
}
