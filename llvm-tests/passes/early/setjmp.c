// A function that calls setjmp stays as it was, with a warning; its callers are
// instrumented.
// RUN: %emit %s | %opt -passes='upstare-early<embed-bitcode=0>,verify' -S -o %t.ll 2> %t.errors
// RUN: FileCheck --check-prefix=WARNING %s < %t.errors
// RUN: FileCheck %s < %t.ll

#include <setjmp.h>
void f(int);
static jmp_buf buffer;

// WARNING: warning: upstare: {{.*}}setjmp.c:[[@LINE+4]]: in function 'jumps': not instrumented, since it calls setjmp
// WARNING-NOT: warning
// CHECK: define {{.*}} @jumps()
// CHECK-NOT: "deopt"
int jumps(void) {
  if (setjmp(buffer))
    return 1;
  for (;;)
    f(0);
}

// CHECK: define {{.*}} @caller()
// CHECK: call i32 @jumps(){{.*}} [ "deopt"(
int caller(void) { return jumps() + 1; }
