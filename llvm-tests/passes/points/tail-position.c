// A call whose result is the function's, or that has none to carry, is in tail
// position: only where the optimiser runs, and unless tail frames are kept.
// RUN: %emit %s -o %t.ll
// RUN: env UPSTARE_OPTIONS=level=2 %opt -passes='print<upstare-points>' -disable-output %t.ll | FileCheck --check-prefixes=CHECK,TAIL %s
// RUN: env UPSTARE_OPTIONS=level=0 %opt -passes='print<upstare-points>' -disable-output %t.ll | FileCheck --check-prefixes=CHECK,FRAME %s
// RUN: env 'UPSTARE_OPTIONS=level=2;keep-tail-frames' %opt -passes='print<upstare-points>' -disable-output %t.ll | FileCheck --check-prefixes=CHECK,FRAME %s

int f(int);
void v(int *);

// CHECK: points result
// TAIL-NEXT: 0: call f#0 {{.*}} tail live
// FRAME-NEXT: 0: call f#0 line {{[0-9]+}} live
int result(int n) { return f(n); }

// CHECK: points two_exits
// TAIL-NEXT: 0: call f#0 {{.*}} tail live
// TAIL-NEXT: 1: call f#1 {{.*}} tail live
// FRAME-NEXT: 0: call f#0 line {{[0-9]+}} live
int two_exits(int n) {
  if (n)
    return f(n);
  return f(-n);
}

// CHECK: points nothing
// TAIL-NEXT: 0: call v#0 {{.*}} tail live
// FRAME-NEXT: 0: call v#0 line {{[0-9]+}} live
void nothing(int *p) { v(p); }

// CHECK: points something_left
// CHECK-NEXT: 0: call f#0 line {{[0-9]+}} live
int something_left(int n) { return f(n) + 1; }

// The callee may use the frame's memory.
// CHECK: points own_memory
// CHECK-NEXT: 0: call v#0 line {{[0-9]+}} live local
void own_memory(void) {
  int local = 1;
  v(&local);
}
