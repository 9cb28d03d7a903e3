// A musttail call leaves no frame and is no point, but what calls the function
// may be updated meanwhile.
// RUN: %emit %s | %opt -passes='print<upstare-points>' -disable-output | FileCheck %s

int outside(int);

// CHECK-NOT: points jumps
static int jumps(int n) { __attribute__((musttail)) return outside(n); }

// CHECK: points caller
// CHECK-NEXT: 0: call jumps#0
int caller(int n) { return 1 + jumps(n); }
