// Label addresses in a variable may come from the function itself: the clone
// keeps them and compares.
// RUN: %emit %s | %opt -passes='upstare-rebuild-clones,verify' -S | FileCheck %s

int f(int);

// CHECK: define hidden i32 @us.rebuild.
// CHECK-NOT: indirectbr
// CHECK: icmp eq ptr %{{.*}}, blockaddress(@jumps, %
// CHECK-NOT: indirectbr
// CHECK: {{^}$}}
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
