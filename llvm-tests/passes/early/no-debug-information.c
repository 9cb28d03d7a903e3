// Without -g there are no names to match versions by: a warning says so, and
// the program stays as it is. A module without functions needs none.
// RUN: %clang -O1 -Xclang -disable-llvm-passes -emit-llvm -S -o %t.ll %s
// RUN: %opt -passes=upstare-early -S %t.ll -o %t.out.ll 2> %t.errors
// RUN: FileCheck --check-prefix=WARNING %s < %t.errors
// RUN: grep -v ModuleID %t.ll > %t.before && grep -v ModuleID %t.out.ll | diff %t.before -
// RUN: %clang -DONLY_DATA -O1 -emit-llvm -S -o - %s | %opt -passes=upstare-early -S -o /dev/null 2>&1 | count 0

// WARNING: warning: upstare: {{.*}}no-debug-information.c: not instrumented, since it has no debug information; compile with -g
// WARNING-NOT: warning
int data = 1;
#ifndef ONLY_DATA
int f(int);
int g(int n) { return f(n) + 1; }
int h(int n) { return f(n) + 2; }
#endif
