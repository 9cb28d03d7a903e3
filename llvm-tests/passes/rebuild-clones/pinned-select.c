// A pinned member is used where it is; the record's null means a fresh one.
// RUN: %emit %s | %opt -passes='upstare-rebuild-clones,verify' -S | FileCheck %s

int take(int *);

// CHECK-LABEL: define hidden i32 @us.rebuild.
// CHECK: [[FRESH:%x]] = alloca i32
// CHECK: [[OLD:%.*]] = load ptr, ptr
// CHECK: [[NULL:%.*]] = icmp eq ptr [[OLD]], null
// CHECK: [[X:%.*]] = select i1 [[NULL]], ptr [[FRESH]], ptr [[OLD]]
// CHECK-NOT: llvm.lifetime
// CHECK: load i32, ptr [[X]]
// CHECK-NOT: llvm.lifetime
// CHECK: [ "deopt"({{.*}}, ptr [[X]]) ]
// CHECK-NEXT: br label
// CHECK-NEXT: {{^}$}}
int pinned(void) {
  int x = 1;
  take(&x);
  return x;
}
