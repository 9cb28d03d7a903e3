// Each cycle of calls has one function that polls at its entry.
// RUN: %emit %s | env UPSTARE_OPTIONS=level=2 %opt -passes='print<upstare-points>' -disable-output | FileCheck %s

int odd(unsigned);

// CHECK: points even
// CHECK-NEXT: 0: call odd#0
int even(unsigned n) { return n == 0 || odd(n - 1); }

// CHECK: points odd
// CHECK-NEXT: 0: update point line [[@LINE+2]] live n
// CHECK-NEXT: 1: call even#0
int odd(unsigned n) { return n != 0 && even(n - 1); }

// CHECK: points fib
// CHECK-NEXT: 0: update point
// CHECK-NEXT: 1: call fib#0
// CHECK-NEXT: 2: call fib#1
int fib(int n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }

// CHECK: points calls
// CHECK-NEXT: 0: call fib#0
int calls(int n) { return 1 + fib(n); }
