// A clone neither allocates a variable-length array again nor brings back the
// stack pointer from before it.
// RUN: %emit %s | %opt -passes='upstare-demote,upstare-rebuild-clones,verify' -S | FileCheck %s

int f(int *);

// CHECK-LABEL: define {{.*}} @array(
// CHECK: call void @llvm.stackrestore
// CHECK-LABEL: define hidden i32 @us.rebuild.
// CHECK-NOT: alloca i32, i64
// CHECK-NOT: llvm.stackrestore
// CHECK: {{^}$}}
int array(int n) {
  int a[n];
  f(a);
  return a[0];
}
