// A call that does not return may be updated in all the same.
// RUN: %emit %s | %opt -passes='upstare-bundles,upstare-pads,verify' -S | FileCheck %s

__attribute__((noreturn)) void forever(void);

// CHECK-LABEL: define {{.*}} @start(
// CHECK: invoke void @forever() #{{[0-9]+}}
// CHECK-NEXT: to label %[[NEVER:.*]] unwind label %us.pad
// CHECK: [[NEVER]]:
// CHECK-NEXT: unreachable
void start(void) { forever(); }
