// An update leaves a noexcept function without terminating the program.
// RUN: %emitxx %s | %opt -passes='upstare-bundles,upstare-pads,verify' -S | FileCheck %s

void f();

// CHECK-LABEL: define {{.*}} @_Z5quietv(
// CHECK: invoke void @_Z1fv()
// CHECK-NEXT: to label %{{.*}} unwind label %[[PAD:.*]], !dbg
// CHECK: [[PAD]]:
// CHECK-NEXT: landingpad { ptr, i32 }
// CHECK: br i1 {{.*}}, label %[[RECORD:us.record]], label %[[OTHER:.*]], !dbg
// CHECK: [[OTHER]]:
// CHECK: call void @__clang_call_terminate(
// CHECK: [[RECORD]]:
// CHECK: call void @upstare_unwind_resume(
int quiet() noexcept {
  f();
  return 1;
}
