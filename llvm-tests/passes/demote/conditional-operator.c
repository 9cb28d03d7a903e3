// The value of a conditional operator is a phi; if it crosses a point, the phi
// goes to memory.
// RUN: %emit %s | %opt -passes=upstare-demote -S | FileCheck %s

int f(int), g(void);

// CHECK-LABEL: define {{.*}} @conditional(
// CHECK: [[SLOT:%us.tmp.*]] = alloca i32, align 4, !upstare.temporary
// CHECK: cond.end:
// CHECK-NEXT: [[COND:%.*]] = phi i32
// CHECK-NEXT: store i32 [[COND]], ptr [[SLOT]]
// CHECK: [[G:%.*]] = call i32 @g()
// CHECK-NEXT: [[RELOAD:%.*]] = load i32, ptr [[SLOT]]
// CHECK-NEXT: add nsw i32 [[RELOAD]], [[G]]
int conditional(int n) { return (n ? f(n) : 7) + g(); }
