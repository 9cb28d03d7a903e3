// Locals and parameters whose address nobody takes are held by value, each
// aligned as it needs.
// RUN: %emit %s | %opt -passes='print<upstare-frames>' -disable-output | FileCheck %s

void f(void);

// CHECK: frame scalars size 80
// CHECK-NEXT: +32 value i8 c line [[@LINE+4]]
// CHECK-NEXT: +48 value x86_fp80 l line [[@LINE+3]]
// CHECK-NEXT: +64 value ptr p line [[@LINE+2]]
// CHECK-NEXT: +72 value i32 local line [[@LINE+2]]
int scalars(char c, long double l, int *p) {
  int local = *p;
  f();
  return c + l + local;
}

typedef float vector __attribute__((vector_size(16)));
// CHECK: frame vectors size 48
// CHECK-NEXT: +32 value <4 x float> v
float vectors(vector v) {
  f();
  return v[1];
}
