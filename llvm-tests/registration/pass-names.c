// opt knows each stage by name, alone, and the printers.
// RUN: %clang -g -O1 -Xclang -disable-llvm-passes -emit-llvm -c %s -o %t.bc
// RUN: for stage in early late blocking-calls update-points demote bundles \
// RUN:     rebuild-clones entry embed pads; do \
// RUN:   %opt -passes=upstare-$stage,verify -disable-output %t.bc || exit 1; \
// RUN: done
// RUN: %opt -passes='print<upstare-points>,print<upstare-frames>' -disable-output %t.bc | FileCheck %s
// RUN: not %opt -passes=upstare-nonsense -disable-output %t.bc 2>&1 | FileCheck --check-prefix=UNKNOWN %s

// CHECK: points main
// CHECK: frame main
// UNKNOWN: unknown pass name 'upstare-nonsense'
int f(int);
int main(int argc, char **argv) {
  while (argc)
    argc = f(argc);
  return argc;
}
