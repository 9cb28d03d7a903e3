// A parameter in memory is a pinned object; the place of a result in memory is
// an address of the caller's, held by value.
// RUN: %emit %s | %opt -passes='print<upstare-frames>' -disable-output | FileCheck %s

struct big { int a[20]; };
void f(void);

// CHECK: frame parameter
// CHECK-NEXT: +32 pinned %struct.big b line [[@LINE+1]]
int parameter(struct big b) {
  f();
  return b.a[3];
}

// CHECK: frame result
// CHECK-NEXT: +32 value ptr %
// CHECK-NEXT: +40 value i32 n
struct big result(int n) {
  struct big b;
  b.a[0] = n;
  f();
  return b;
}

// Written at once, but after the call.
// CHECK: frame late_result
// CHECK-NEXT: value ptr %
struct { long l[3]; } late_result(void) {
  f();
  return (__typeof__(late_result())){{1, 2, 3}};
}
