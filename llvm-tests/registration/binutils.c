// nm and ar of binutils see an instrumented object as an object, not as bitcode,
// even with LLVM's plugin for them at hand.
// RUN: rm -f %t.a
// RUN: %instrument -O2 -c %s -o %t.o
// RUN: nm %t.o | FileCheck %s
// RUN: ar rcs %t.a %t.o
// RUN: nm -s %t.a | FileCheck --check-prefix=INDEX %s
// RUN: readelf -S -W %t.o | FileCheck --check-prefix=SECTION %s

// CHECK-DAG: T function
// CHECK-DAG: U outside
// INDEX: Archive index:
// INDEX: function in
// The blob is in no segment.
// SECTION: .llvmcmd PROGBITS {{[0-9a-f]+ [0-9a-f]+ [0-9a-f]+}} 00 0 0 8
// SECTION-NOT: .llvmbc
int outside(int);
int function(int n) { return outside(n) + 1; }
