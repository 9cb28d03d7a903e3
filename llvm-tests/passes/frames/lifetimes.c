// A pinned object is recorded once something may have been put there, whether
// clang marks lifetimes or not (-O0).
// RUN: %emit %s | %opt -passes='print<upstare-points>' -disable-output | FileCheck %s
// RUN: %emit0 %s | %opt -passes='print<upstare-points>' -disable-output | FileCheck %s

void f(void), take(int *);

// CHECK: points declared_late
// CHECK-NEXT: 0: call f#0 {{.*}} live{{$}}
// CHECK-NEXT: 1: call take#0 {{.*}} live x{{$}}
void declared_late(void) {
  f();
  int x;
  take(&x);
}

// CHECK: points filled_late
// CHECK-NEXT: 0: call f#0 {{.*}} live{{$}}
// CHECK-NEXT: 1: call f#1 {{.*}} live x{{$}}
// CHECK-NEXT: 2: call take#0 {{.*}} live x{{$}}
void filled_late(void) {
  int x;
  f();
  x = 1;
  f();
  take(&x);
}
