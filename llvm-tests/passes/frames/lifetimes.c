// A pinned object is recorded from its declaration on, not before; at -O0, where
// clang marks no lifetimes, in all of its scope.
// RUN: %emit %s | %opt -passes='print<upstare-points>' -disable-output | FileCheck --check-prefixes=CHECK,MARKED %s
// RUN: %emit0 %s | %opt -passes='print<upstare-points>' -disable-output | FileCheck --check-prefixes=CHECK,UNMARKED %s

void f(void), take(int *);

// CHECK: points declared_late
// MARKED-NEXT: 0: call f#0 {{.*}} live{{$}}
// UNMARKED-NEXT: 0: call f#0 {{.*}} live x{{$}}
// CHECK-NEXT: 1: call take#0 {{.*}} live x{{$}}
void declared_late(void) {
  f();
  int x;
  take(&x);
}
