// Reports of -fsanitize=undefined do not come to an update point.
// RUN: %clang -O1 -g -fsanitize=undefined -Xclang -disable-llvm-passes -S -emit-llvm %s -o - | %opt -passes='print<upstare-points>' -disable-output | FileCheck %s
// CHECK: points add
// CHECK-NEXT: 0: call f#0 line 8
// CHECK-NOT: call

int f(int n);
int add(int n) { return f(n + 1) + n / (n - 1); }
