// A clone can go on from a call in tail position too, and then has the frame.
// RUN: %emit %s | %opt -passes='upstare-rebuild-clones<level=2>,verify' -S | FileCheck %s

int f(int);

// CHECK-LABEL: define {{.*}} @tail(
// CHECK: call i32 @f(
// CHECK-NOT: deopt
// CHECK-LABEL: define hidden i32 @us.rebuild.
// CHECK: [[RESULT:%.*]] = call i32 %{{.*}}(ptr %{{.*}}) [ "deopt"(i64 {{-?[0-9]+}}, i32 0, i32 {{32|48}}, i32 {{[0-9]}}
int tail(void) { return f(1); }
