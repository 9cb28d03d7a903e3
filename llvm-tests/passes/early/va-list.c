// Where va_start may run behind a point, the function keeps a list of its own
// from its entry on, and copies it: a rebuild clone has no variable arguments.
// RUN: %emit %s | %opt -passes='upstare-early<embed-bitcode=0;rebuild-clones>' -S | FileCheck %s

int f(__builtin_va_list);
void g(void);

// CHECK-LABEL: define {{.*}} @late(
// CHECK: [[LIST:%.*]] = alloca [24 x i8], align 16, !upstare.temporary
// CHECK: call void @llvm.va_start.p0(ptr [[LIST]])
// CHECK: call void @g()
// CHECK-NOT: llvm.va_start
// CHECK: call void @llvm.va_copy.p0(ptr {{.*}}, ptr [[LIST]])
int late(int n, ...) {
  g();
  __builtin_va_list args;
  __builtin_va_start(args, n);
  return f(args) + 1;
}

// CHECK-LABEL: define {{.*}} @early(
// CHECK-NOT: llvm.va_copy
// CHECK: ret i32
int early(int n, ...) {
  __builtin_va_list args;
  __builtin_va_start(args, n);
  return f(args) + 1;
}

// CHECK: define hidden i32 @us.rebuild.
// CHECK-NOT: llvm.va_start
// CHECK: define hidden i32 @us.rebuild.
// CHECK-NOT: llvm.va_start
