// A handler of the program is entered through the same test, so that neither
// destructors nor catch blocks run for an update; two calls with one handler
// get a test each.
// RUN: %emitxx %s | %opt -passes='upstare-demote,upstare-bundles,upstare-pads,verify' -S | FileCheck %s

void f(int);

// CHECK-LABEL: define {{.*}} @_Z6handlei({{.*}} personality ptr @__gxx_personality_v0
// CHECK: invoke void @_Z1fi(i32 noundef 1)
// CHECK-NEXT: to label %{{.*}} unwind label %[[FIRST:.*]], !dbg
// CHECK: invoke void @_Z1fi(i32 noundef 2)
// CHECK-NEXT: to label %{{.*}} unwind label %[[SECOND:.*]], !dbg
// CHECK: [[FIRST]]:
// CHECK-NEXT: landingpad { ptr, i32 }
// CHECK-NEXT: cleanup
// CHECK-NEXT: catch ptr @_ZTIi
// CHECK: br i1 {{.*}}, label %[[RECORD:us.record[^,]*]], label %
// CHECK: [[SECOND]]:
// CHECK-NEXT: landingpad { ptr, i32 }
// CHECK-NEXT: cleanup
// CHECK-NEXT: catch ptr @_ZTIi
// CHECK: br i1 {{.*}}, label %[[RECORD2:us.record[^,]*]], label %
// CHECK: [[RECORD]]:
// CHECK: call void @upstare_unwind_resume(
// CHECK: [[RECORD2]]:
// CHECK: call void @upstare_unwind_resume(
int handle(int n) {
  try {
    f(1);
    f(2);
  } catch (int e) {
    return e + n;
  }
  return n;
}
