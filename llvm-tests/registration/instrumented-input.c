// Code that is compiled from instrumented IR is not instrumented again.
// RUN: %instrument -O2 -emit-llvm -S %s -o %t.ll
// RUN: %instrument -O2 -c %s -o %t.once.o
// RUN: %instrument -O2 -c %t.ll -o %t.twice.o
// RUN: for object in once twice; do \
// RUN:   llvm-nm --format=just-symbols %t.$object.o | sort > %t.$object.symbols; \
// RUN:   llvm-objcopy --dump-section .llvmcmd=%t.$object.blobs %t.$object.o; \
// RUN:   grep -c -a UPSTARE %t.$object.blobs > %t.$object.count; \
// RUN: done
// RUN: diff %t.once.symbols %t.twice.symbols
// RUN: diff %t.once.count %t.twice.count
// RUN: llvm-readelf -x .llvmcmd %t.twice.o | FileCheck %s
// RUN: not grep -E 'upstare_unwind_resume.*upstare_unwind_resume' %t.ll
// RUN: llvm-objdump -d -r %t.twice.o | FileCheck --check-prefix=CODE %s

// CHECK: UPSTARE
// CODE: upstare_unwind_resume
// CODE-NOT: upstare_unwind_resume
int f(int);
int call(int n) { return f(n) + n; }
