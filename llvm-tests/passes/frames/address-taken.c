// What others may point to is pinned, as is what must stay in memory anyway.
// RUN: %emit %s | %opt -passes='print<upstare-frames>' -disable-output | FileCheck %s

void take(int *), f(void);

// CHECK: frame taken
// CHECK-NEXT: pinned i32 x line [[@LINE+2]]
int taken(void) {
  int x;
  take(&x);
  return x;
}

// CHECK: frame kept
// CHECK: pinned i32 v line [[@LINE+2]]
int kept(int n) {
  volatile int v = n;
  f();
  return v;
}

// CHECK: frame atomic
// CHECK: pinned i32 a line [[@LINE+2]]
int atomic(int n) {
  _Atomic int a = n;
  f();
  return a;
}
