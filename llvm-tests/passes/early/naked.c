// A naked function has no frame to describe: a warning, and it stays as it was.
// RUN: %emit %s | %opt -passes='upstare-early<embed-bitcode=0>,verify' -S -o %t.ll 2> %t.errors
// RUN: FileCheck --check-prefix=WARNING %s < %t.errors
// RUN: FileCheck %s < %t.ll

void f(void);

// WARNING: warning: upstare: {{.*}}naked.c:[[@LINE+3]]: in function 'naked': not instrumented, since it is naked; while it is on the stack, updates wait
// CHECK: define {{.*}} @naked()
// CHECK: call void asm sideeffect
__attribute__((naked)) void naked(void) { __asm__("ret"); }

// CHECK: define {{.*}} @usual()
// CHECK: "deopt"
int usual(void) {
  f();
  return 1;
}
