// Labels in a constant table: the clone has a table of its own blocks.
// RUN: %emit %s | %opt -passes='upstare-rebuild-clones,verify' -S | FileCheck %s

int f(int);

// CHECK: @jumps.table = internal {{.*}} [2 x ptr] [ptr blockaddress(@jumps,
// CHECK: @jumps.table.rebuild = private {{.*}} [2 x ptr] [ptr blockaddress(@[[CLONE:us.rebuild.[0-9a-f]+]],
// CHECK: define hidden i32 @[[CLONE]](
// CHECK-NOT: @jumps.table,
// CHECK: getelementptr inbounds [2 x ptr], ptr @jumps.table.rebuild
// CHECK: indirectbr
int jumps(int n) {
  static void *const table[] = {&&add, &&stop};
  goto *table[n & 1];
add:
  n += f(n);
  goto *table[n & 1];
stop:
  return n;
}
