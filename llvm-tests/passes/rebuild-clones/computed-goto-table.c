// Labels in a constant table: the clone moves each position that it reads a label
// from into a table of its own blocks.
// RUN: %emit %s | %opt -passes='upstare-label-tables,upstare-rebuild-clones,verify' -S | FileCheck %s

int f(int);

// CHECK: @jumps.table = internal {{.*}} [2 x ptr] [ptr blockaddress(@jumps,
// CHECK: @jumps.table.rebuild = private {{.*}} [2 x ptr] [ptr blockaddress(@[[CLONE:us.rebuild.[0-9a-f]+]],
// CHECK: define hidden i32 @[[CLONE]](
// CHECK: [[OFFSET:%.*]] = sub i64 {{%.*}}, ptrtoint (ptr @jumps.table to i64)
// CHECK: [[IN:%.*]] = icmp ult i64 [[OFFSET]], 16
// CHECK: [[COPY:%.*]] = getelementptr i8, ptr @jumps.table.rebuild, i64 [[OFFSET]]
// CHECK: [[FROM:%.*]] = select i1 [[IN]], ptr [[COPY]], ptr
// CHECK: load ptr, ptr [[FROM]]
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
