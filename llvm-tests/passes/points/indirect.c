// Calls through pointers are points with callee "*".
// RUN: %emit %s | %opt -passes='print<upstare-points>' -disable-output | FileCheck %s

// CHECK: points through
// CHECK-NEXT: 0: call *#0
// CHECK-NEXT: 1: call *#1
int through(int (*f)(int), int (*g)(int)) { return f(1) + g(2); }
