// A module is instrumented once: the flag of the first run stops a second.
// RUN: %emit %s | %opt -passes='upstare-early<embed-bitcode=0>' -S -o %t.once.ll
// RUN: %opt -passes='upstare-early<embed-bitcode=0>' -S %t.once.ll | FileCheck %s
// RUN: %opt -passes='upstare-early<embed-bitcode=0>' %t.once.ll | llvm-dis -o - | grep -v ModuleID > %t.twice
// RUN: grep -v ModuleID %t.once.ll | diff - %t.twice

int f(int);

// CHECK: define {{.*}} @loop(
// CHECK: call {{.*}}@upstare_update_point(
// CHECK-NOT: call {{.*}}@upstare_update_point(
// CHECK: !{i32 7, !"upstare.instrumented", i32 3}
int loop(int n) {
  while (n)
    n = f(n);
  return n;
}
