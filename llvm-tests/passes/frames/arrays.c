// A small array is held by value if all its indices are constants; otherwise,
// or if it is large, it is pinned.
// RUN: %emit %s | %opt -passes='print<upstare-frames>' -disable-output | FileCheck %s

void f(void);

// CHECK: frame constant_index
// CHECK: value [4 x i32] a
int constant_index(int n) {
  int a[4] = {1, 2, 3, n};
  f();
  return a[3];
}

// CHECK: frame dynamic_index
// CHECK: pinned [4 x i32] a
int dynamic_index(int n) {
  int a[4] = {1, 2, 3, 4};
  f();
  return a[n];
}

// CHECK: frame large
// CHECK: pinned [20 x i32] a
int large(int n) {
  int a[20];
  a[3] = n;
  f();
  return a[3];
}
