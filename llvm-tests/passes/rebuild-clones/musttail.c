// A clone has other parameters than the function, so a musttail call in it is an
// ordinary one.
// RUN: %emit %s | %opt -passes='upstare-rebuild-clones,verify' -S | FileCheck %s

int f(int), last(int);

// CHECK-LABEL: define {{.*}} @jumps(
// CHECK: musttail call i32 @last(
// CHECK-LABEL: define hidden i32 @us.rebuild.
// CHECK-NOT: musttail
// CHECK: tail call i32 @last(
int jumps(int n) {
  f(n);
  __attribute__((musttail)) return last(n);
}
