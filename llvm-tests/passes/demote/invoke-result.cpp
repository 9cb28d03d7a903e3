// The result of a call with a handler is stored where it returns normally.
// RUN: %emitxx %s | %opt -passes=upstare-demote,verify -S | FileCheck %s

int f(int), g();

// CHECK-LABEL: define {{.*}} @_Z7handledv(
// CHECK: [[SLOT:%us.tmp.*]] = alloca i32
// CHECK: [[F:%.*]] = invoke {{.*}} i32 @_Z1fi(i32 noundef 1)
// CHECK-NEXT: to label %[[NORMAL:[^ ]*]] unwind
// CHECK: [[NORMAL]]:
// CHECK-NEXT: store i32 [[F]], ptr [[SLOT]]
// CHECK: [[RELOAD:%.*]] = load i32, ptr [[SLOT]]
// CHECK: add nsw i32 [[RELOAD]],
int handled() {
  try {
    return f(1) + g();
  } catch (int) {
    return 0;
  }
}
