// Whatever the function's calling convention and linkage, its clone is called by
// the runtime and by other clones: C, not inlined, visible in the patch alone.
// RUN: %emit %s | %opt -passes='upstare-rebuild-clones,verify' -S | FileCheck %s

int f(int);

// CHECK-LABEL: define {{.*}}x86_vectorcallcc {{.*}}@foreign(
// CHECK: define hidden i32 @us.rebuild.{{[0-9a-f]+}}(ptr %{{[0-9]+}}) #[[ATTRIBUTES:[0-9]+]]
__attribute__((vectorcall, always_inline)) int foreign(int n) { return f(n) + n; }
// CHECK: attributes #[[ATTRIBUTES]] = { noinline
