// Of a variable-length array the frame holds the address.
// RUN: %emit %s | %opt -passes='print<upstare-points>,print<upstare-frames>' -disable-output | FileCheck %s

int g(int);

// CHECK: points vla
// CHECK-NEXT: 0: call g#0 {{.*}} live %a n
// CHECK: frame vla
// CHECK-NEXT: value ptr %a
// CHECK-NEXT: value i32 n
int vla(int n) {
  int a[n];
  a[0] = g(1);
  return a[n - 1];
}
