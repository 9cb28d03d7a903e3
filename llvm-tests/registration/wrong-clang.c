// Another version of clang or opt must fail, never leave a program as it was.
// REQUIRES: clang-14
// RUN: rm -f %t.o %t.bc %t.ll
// RUN: not clang-14 -g -fpass-plugin=%plugin -c %s -o %t.o 2> %t.errors
// RUN: test ! -e %t.o
// RUN: FileCheck %s < %t.errors
// RUN: clang-14 -g -emit-llvm -c %s -o %t.bc
// RUN: not opt-14 -load-pass-plugin=%plugin -passes=upstare-early %t.bc -o %t.ll 2> %t.errors
// RUN: test ! -e %t.ll
// RUN: FileCheck %s < %t.errors

// CHECK: {{undefined symbol|[Uu]nable to load|[Cc]ould not load|[Ff]ailed to load}}
int main(void) { return 0; }
