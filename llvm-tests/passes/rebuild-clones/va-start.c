// A clone has no variable arguments: va_start may only run before the first
// point that can be entered. Otherwise there is no clone, and a remark says so.
// RUN: %emit %s -o %t.ll
// RUN: %opt -passes='upstare-rebuild-clones,verify' -pass-remarks-missed=upstare -S %t.ll 2> %t.remarks | FileCheck %s
// RUN: FileCheck --check-prefix=REMARK %s < %t.remarks

int f(__builtin_va_list);
void g(void);

// REMARK-NOT: early
// REMARK: remark: {{.*}}va-start.c:[[@LINE+10]]:{{.*}}no clone: it calls va_start after a continuation point

// CHECK: define hidden i32 @us.rebuild.
// CHECK-NOT: define hidden i32 @us.rebuild.
int early(int n, ...) {
  __builtin_va_list args;
  __builtin_va_start(args, n);
  return f(args) + __builtin_va_arg(args, int);
}

int late(int n, ...) {
  g();
  __builtin_va_list args;
  __builtin_va_start(args, n);
  return f(args) + 1;
}
