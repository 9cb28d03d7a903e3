// A parameter that is converted on its way to memory is one member, not two.
// RUN: %emit %s | %opt -passes='print<upstare-frames>' -disable-output | FileCheck %s

void f(void);

// CHECK: frame truth size 48
// CHECK-NEXT: +32 value i8 b line [[@LINE+2]]
// CHECK-NOT: +
_Bool truth(_Bool b) {
  f();
  return b;
}
