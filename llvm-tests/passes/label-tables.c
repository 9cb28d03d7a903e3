// Labels in local arrays and in variables become positions in constant tables,
// which live across calls; the label is read right before the jump.
// RUN: %emit %s | %opt -passes='upstare-label-tables,verify' -S | FileCheck %s
// RUN: %emit0 %s | %opt -passes='upstare-label-tables,verify' -S | FileCheck %s
// Once more changes nothing.
// RUN: %emit %s | %opt -passes='upstare-label-tables' -S -o %t.once
// RUN: %opt -passes='upstare-label-tables' -S < %t.once > %t.twice
// RUN: diff %t.once %t.twice

void f(void);

// CHECK-DAG: @array.labels = internal constant [2 x ptr] [ptr blockaddress(@array, %add), ptr blockaddress(@array, %stop)]
// CHECK-DAG: @variable.label.add = internal constant [1 x ptr] [ptr blockaddress(@variable, %add)]
// CHECK-DAG: @variable.label.stop = internal constant [1 x ptr] [ptr blockaddress(@variable, %stop)]
// CHECK-DAG: @mixed.table = internal constant [1 x ptr]

// CHECK-LABEL: define dso_local i32 @array(
// CHECK-NOT: alloca [2 x ptr]
// CHECK: [[AT:%.*]] = getelementptr inbounds [2 x ptr], ptr @array.labels
// CHECK: store ptr [[AT]], ptr [[NEXT:%[^,]*]],
// CHECK: call void @f()
// CHECK: [[POSITION:%.*]] = load ptr, ptr [[NEXT]]
// CHECK: [[HERE:%.*]] = phi ptr [ [[POSITION]],
// CHECK-NEXT: [[LABEL:%.*]] = load ptr, ptr [[HERE]]
// CHECK-NEXT: indirectbr ptr [[LABEL]]
int array(int n) {
  void *const labels[] = {&&add, &&stop};
  const void *next = labels[n & 1];
  f();
  goto *next;
add:
  n++;
stop:
  return n;
}

// CHECK-LABEL: define dso_local i32 @variable(
// CHECK: [[NEXT:%.*]] = alloca ptr, {{.*}}!upstare
// CHECK: [[POSITION:%.*]] = {{select|phi}} {{.*}}@variable.label.add
// CHECK: store ptr [[POSITION]], ptr [[NEXT]]
// CHECK-NOT: blockaddress
// CHECK: [[HERE:%.*]] = phi ptr
// CHECK-NEXT: [[LABEL:%.*]] = load ptr, ptr [[HERE]]
// CHECK-NEXT: indirectbr ptr [[LABEL]]
int variable(int n) {
  void *next = n ? &&add : &&stop;
  f();
  goto *next;
add:
  n++;
stop:
  return n;
}

// A variable that is used otherwise stays one.
// CHECK-LABEL: define dso_local i32 @mixed(
// CHECK: alloca ptr
// CHECK: store ptr {{%.*}}, ptr @kept
const void *kept;
int mixed(int n) {
  static void *table[] = {&&add};
  const void *next = table[n];
  kept = next;
  goto *next;
add:
  return n;
}
