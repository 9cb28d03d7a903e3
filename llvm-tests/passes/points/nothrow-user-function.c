// What the source says about exceptions does not matter: a function of the
// program that is declared nothrow, pure or const may still be updated in.
// RUN: %emit %s | %opt -passes='print<upstare-points>' -disable-output | FileCheck %s

int quiet(int) __attribute__((nothrow));
int pure(int) __attribute__((pure));
int constant(int) __attribute__((const));

// CHECK: points calls
// CHECK-NEXT: 0: call quiet#0
// CHECK-NEXT: 1: call pure#0
// CHECK-NEXT: 2: call constant#0
int calls(int n) { return quiet(n) + pure(n) + constant(n); }
