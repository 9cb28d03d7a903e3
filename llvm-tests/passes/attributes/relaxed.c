// What may be updated in may unwind, touch memory and not return, whatever the
// source or clang says; other functions keep their promises.
// RUN: %emit %s | %opt -passes='upstare-early<embed-bitcode=0>' -S | FileCheck %s

int promised(int) __attribute__((nothrow, pure));

// CHECK: define {{.*}} @updated({{.*}} #[[UPDATED:[0-9]+]]
// CHECK: call i32 @promised({{.*}}) [ "deopt"
__attribute__((pure)) int updated(int n) { return promised(n) + n; }

// CHECK: declare {{.*}} @promised({{.*}} #[[PROMISED:[0-9]+]]

// CHECK: define {{.*}} @plain({{.*}} #[[PLAIN:[0-9]+]]
__attribute__((pure)) int plain(int n) { return n + 1; }

// CHECK-NOT: attributes #[[UPDATED]] = { {{.*}}{{nounwind|memory|willreturn}}
// CHECK: attributes #[[UPDATED]] = { {{.*}}uwtable
// CHECK-NOT: attributes #[[PROMISED]] = { {{.*}}{{nounwind|memory|willreturn}}
// CHECK: attributes #[[PLAIN]] = { {{.*}}nounwind {{.*}}willreturn {{.*}}memory(read)
