// The result of a call that waits for another call goes to a slot of its own,
// named for how it is made.
// RUN: %emit %s | %opt -passes=upstare-demote -S | FileCheck %s

int f(int), g(void), h(int, int);

// CHECK-LABEL: define {{.*}} @nested(
// CHECK: [[SLOT:%us.tmp.*]] = alloca i32, align 4, !upstare.temporary [[NAME:![0-9]+]]
// CHECK: [[F:%.*]] = call i32 @f(
// CHECK-NEXT: store i32 [[F]], ptr [[SLOT]]
// CHECK-NEXT: [[G:%.*]] = call i32 @g()
// CHECK-NEXT: [[RELOAD:%.*]] = load i32, ptr [[SLOT]]
// CHECK-NEXT: call i32 @h(i32 noundef [[RELOAD]], i32 noundef [[G]])
int nested(int n) { return h(f(n), g()); }
// CHECK: [[NAME]] = !{!"%call.f(load(n))"}
