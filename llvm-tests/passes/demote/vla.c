// The address of a variable-length array is a value like others: it is found in
// the record, and the array stays where it is.
// RUN: %emit %s | %opt -passes='print<upstare-frames>,upstare-demote' -S | FileCheck %s

int g(void);

// CHECK: frame vla
// CHECK: value ptr %
// CHECK-LABEL: define {{.*}} @vla(
// CHECK: [[SLOT:%us.tmp.*]] = alloca ptr
// CHECK: [[ARRAY:%vla]] = alloca i32, i64
// CHECK-NEXT: store ptr [[ARRAY]], ptr [[SLOT]]
// CHECK: [[G:%.*]] = call i32 @g()
// CHECK-NEXT: [[RELOAD:%.*]] = load ptr, ptr [[SLOT]]
// CHECK-NEXT: getelementptr inbounds i32, ptr [[RELOAD]], i64 0
int vla(int n) {
  int a[n];
  a[0] = g();
  return a[n - 1];
}
