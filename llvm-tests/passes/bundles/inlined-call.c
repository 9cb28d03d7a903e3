// The optimiser inlines a call that carries a frame; the inlined calls carry
// both frames, the caller's first.
// RUN: %emit %s | %opt -passes='upstare-early<embed-bitcode=0>,cgscc(inline)' -S | FileCheck %s

int f(int);


// CHECK-LABEL: define {{.*}} @outer(
// CHECK: call i32 @f({{.*}}) [ "deopt"(i64 [[OUTER:-?[0-9]+]], i32 0, i32 48, i32 1, i32 32, i32 %{{.*}}, i64 [[MIDDLE:-?[0-9]+]], i32 0, i32 48, i32 1, i32 36, i32 %{{.*}}) ]
static int middle(int x) {
  int y = x * 2;
  return f(y) + y;
}
int outer(int n) { return middle(n + 1) + n; }
