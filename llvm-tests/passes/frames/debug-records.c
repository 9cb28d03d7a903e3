// Variables are found in both kinds of debug records: -O0 declares them, -O1
// and above assign them.
// RUN: %emit0 %s -o %t0.ll
// RUN: %emit %s | %opt -passes=declare-to-assign -S -o %t1.ll
// RUN: FileCheck --check-prefix=DECLARE %s < %t0.ll
// RUN: FileCheck --check-prefix=ASSIGN %s < %t1.ll
// RUN: %opt -passes='print<upstare-frames>' -disable-output %t0.ll | FileCheck %s
// RUN: %opt -passes='print<upstare-frames>' -disable-output %t1.ll | FileCheck %s

int f(int *);

// DECLARE: #dbg_declare(ptr %x,
// ASSIGN: #dbg_assign({{.*}}, ptr %x,
// CHECK: frame variables
// CHECK-NEXT: value i32 n line [[@LINE+3]]
// CHECK-NEXT: pinned i32 x line [[@LINE+3]]
// CHECK-NEXT: value i32 y line [[@LINE+3]]
int variables(int n) {
  int x = 1;
  int y = n;
  return f(&x) + y;
}
