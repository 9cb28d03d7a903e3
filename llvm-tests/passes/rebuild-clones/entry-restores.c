// A clone restores by-value members from the record, enters at the point's
// number, and calls the next frame's clone in place of the callee.
// RUN: %emit %s | %opt -passes='upstare-rebuild-clones,verify' -S | FileCheck %s

int f(int), g(int);

// CHECK: define hidden i32 @us.rebuild.{{[0-9a-f]+}}(ptr [[RECORD:%[0-9]+]])
// CHECK: [[AT:%.*]] = getelementptr inbounds i8, ptr [[RECORD]], i64 32
// CHECK-NEXT: [[N:%.*]] = load i32, ptr [[AT]]
// CHECK-NEXT: store i32 [[N]], ptr %n.addr
// CHECK: [[AT2:%.*]] = getelementptr inbounds i8, ptr [[RECORD]], i64 8
// CHECK-NEXT: [[POINT:%.*]] = load i32, ptr [[AT2]]
// CHECK: switch i32 [[POINT]], label %[[BAD:.*]] [
// CHECK-NEXT: i32 0, label %[[ENTER0:.*]]
// CHECK-NEXT: i32 1, label %[[ENTER1:.*]]
// CHECK: {{^}}[[REST0:entry.split]]:
// CHECK: [[BAD]]:
// CHECK-NEXT: call void @llvm.trap()
// CHECK-NEXT: unreachable
// CHECK: [[ENTER0]]:
// CHECK: [[NEXT:%.*]] = getelementptr inbounds i8, ptr [[RECORD]], i64 16
// CHECK-NEXT: [[CALLEE:%.*]] = load ptr, ptr [[NEXT]]
// CHECK-NEXT: [[FRAME:%.*]] = getelementptr inbounds i8, ptr [[RECORD]], i64 24
// CHECK-NEXT: [[ARGUMENT:%.*]] = load ptr, ptr [[FRAME]]
// CHECK: call i32 [[CALLEE]](ptr [[ARGUMENT]]) [ "deopt"(i64 {{.*}}, i32 0,
// CHECK-NEXT: br label %[[REST0]]
// CHECK: [[ENTER1]]:
int restored(int n) {
  int first = f(1);
  return g(first) + n;
}
