// A bundle is: key, point, size of the record, count, then offset and value of
// each member that is live. What dies at the call is not in it.
// RUN: %emit %s | %opt -passes='print<upstare-frames>,upstare-bundles' -S | FileCheck %s

int f(int), g(int);

// CHECK: frame state size 48
// CHECK: +32 value i32 a
// CHECK: +36 value i32 b
// CHECK: +40 value i32 c

// CHECK-LABEL: define {{.*}} @state(
// CHECK: [[A:%.*]] = load i32, ptr %a.addr
// CHECK-NEXT: [[C:%.*]] = load i32, ptr %c.addr
// CHECK-NEXT: call i32 @f({{.*}}) [ "deopt"(i64 [[KEY:-?[0-9]+]], i32 0, i32 48, i32 2, i32 32, i32 [[A]], i32 40, i32 [[C]]) ]
// CHECK: call i32 @g({{.*}}) [ "deopt"(i64 [[KEY]], i32 1, i32 48, i32 1, i32 32, i32 {{%.*}}) ]
int state(int a, int b, int c) {
  f(b);
  g(c);
  return a;
}
