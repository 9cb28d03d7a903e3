// An object names the ABI version it was made for: a runtime of another version
// does not define it, and the link fails.
// RUN: %instrument -O2 -c %s -o %t.o
// RUN: echo 'int upstare_main(), upstare_register_image(); int upstare_main() { return 0; } int upstare_register_image() { return 0; }' > %t.runtime.c
// RUN: %clang -w -c %t.runtime.c -o %t.runtime.o
// RUN: not %clang %t.o %t.runtime.o -o %t.exe 2>&1 | FileCheck %s
// RUN: echo 'char upstare_abi_v3;' >> %t.runtime.c
// RUN: %clang -w -c %t.runtime.c -o %t.runtime.o
// RUN: %clang %t.o %t.runtime.o -o %t.exe

// CHECK-NOT: undefined {{.*}}upstare_{{[mr]}}
// CHECK: undefined {{.*}}upstare_abi_v3
int main(void) { return 0; }
