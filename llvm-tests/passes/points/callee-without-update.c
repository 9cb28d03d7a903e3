// A call of a function of this file that reaches no update point is no point;
// nor is what only such functions call.
// RUN: %emit %s | %opt -passes='print<upstare-points>' -disable-output | FileCheck %s

void outside(void);
// CHECK-NOT: points {{leaf|middle}}
// CHECK: points top
// CHECK-NEXT: 0: call reaching#0
// CHECK-NEXT: points reaching
// CHECK-NEXT: 0: call outside#0
static int leaf(int x) { return x + 1; }
static int middle(int x) { return leaf(x) * 2; }
static int reaching(int x) { outside(); return x; }

int top(int x) { return middle(x) + reaching(x); }

// A weak definition may be another one in the end.
__attribute__((weak)) int weak(int x) { return x; }
// CHECK: points calls_weak
// CHECK-NEXT: 0: call weak#0
int calls_weak(int x) { return 1 + weak(x); }
