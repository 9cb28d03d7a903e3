// The plugin alone instruments at every level, optnone functions included.
// RUN: %instrument -O0 -c %s -o %t.o && llvm-nm %t.o | FileCheck %s
// RUN: %instrument -O1 -c %s -o %t.o && llvm-nm %t.o | FileCheck %s
// RUN: %instrument -O2 -c %s -o %t.o && llvm-nm %t.o | FileCheck %s
// RUN: %instrument -O3 -c %s -o %t.o && llvm-nm %t.o | FileCheck %s
// RUN: %instrument -Os -c %s -o %t.o && llvm-nm %t.o | FileCheck %s
// RUN: %instrument -Oz -c %s -o %t.o && llvm-nm %t.o | FileCheck %s

// CHECK-DAG: V __upstare_requested
// CHECK-DAG: U upstare_abi_v3
// CHECK-DAG: U upstare_unwind_resume
// CHECK-DAG: U upstare_update_point
int work(int);
int loop(int n) {
  while (n)
    n = work(n) + 1;
  return n;
}
