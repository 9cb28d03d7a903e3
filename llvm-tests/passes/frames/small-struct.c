// A struct that is only read and written by field is one member, of which each
// point records the fields that are read later.
// RUN: %emit %s | %opt -passes='print<upstare-frames>,upstare-bundles' -S | FileCheck %s

struct pair { int x; float y; };
void f(void);

// CHECK: frame fields size 48
// CHECK-NEXT: +32 value i32 n
// CHECK-NEXT: +36 value %struct.pair q line [[@LINE+7]]

// CHECK-LABEL: define {{.*}} @fields(
// CHECK: [[Y:%.*]] = load float, ptr {{.*}}, align 4
// CHECK-NEXT: call void @f()
// CHECK-SAME: i32 48, i32 1, i32 40, float [[Y]]) ]
float fields(int n) {
  struct pair q = {n, 2};
  f();
  return q.y;
}
