// A result that is returned in another way than it comes is not in tail
// position: the next frame would leave it in the wrong register, or unextended.
// RUN: %emit %s | env UPSTARE_OPTIONS=level=2 %opt -passes='print<upstare-points>' -disable-output | FileCheck %s

float f(void);
unsigned char u(void);
union both { float as_float; int as_int; };

// CHECK: points bits
// CHECK-NEXT: 0: call f#0 line {{[0-9]+}} live
int bits(void) {
  union both b;
  b.as_float = f();
  return b.as_int;
}

// CHECK: points extended
// CHECK-NEXT: 0: call u#0 line {{[0-9]+}} live
signed char extended(void) { return u(); }
