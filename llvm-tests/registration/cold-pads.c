// Landing pads leave the hot text; an option keeps them there.
// RUN: %instrument -O2 -ffunction-sections -c %s -o %t.o
// RUN: llvm-objdump -d -r %t.o | FileCheck %s
// RUN: env UPSTARE_OPTIONS=cold-splitting=off %instrument -O2 -c %s -o %t.together.o
// RUN: llvm-readelf -S %t.together.o | FileCheck --check-prefix=TOGETHER %s

// CHECK: Disassembly of section .text.call:
// CHECK-NOT: upstare_unwind_resume
// CHECK: Disassembly of section .text.split.call:
// CHECK: upstare_unwind_resume
// TOGETHER-NOT: .text.split
int f(int);
int call(int n) { return f(n) + n; }
