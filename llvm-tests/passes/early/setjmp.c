// A function that calls setjmp is instrumented; its clone arms the jmp_buf again,
// whose address the frame remembers.
// RUN: %emit %s | %opt -passes='print<upstare-frames>,upstare-early<rebuild-clones>,verify' -S 2> %t.errors | FileCheck %s
// RUN: count 0 < %t.errors

#include <setjmp.h>
void f(int);
static jmp_buf buffer;

// CHECK: frame jumps
// CHECK: value ptr %
// CHECK: define {{.*}} @jumps({{.*}}
// CHECK: call i32 @{{_?}}setjmp(
// CHECK: call void @f({{.*}} [ "deopt"(
// CHECK: define hidden i32 @us.rebuild.
// CHECK: call i32 @{{_?}}setjmp(
int jumps(int n) {
  if (setjmp(buffer))
    return n;
  for (;;)
    f(n);
}
