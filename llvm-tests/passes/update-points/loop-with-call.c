// A loop that calls something unknown polls on the way back to its header, off
// the hot path; the loop keeps its metadata.
// RUN: %emit %s | %opt -passes=upstare-update-points -S | FileCheck %s

int work(int);

// CHECK-LABEL: define {{.*}} @loop(
void loop(int n) {
  // CHECK: for.cond.us.back:
  // CHECK-NEXT: [[FLAG:%.*]] = load volatile i32, ptr @__upstare_requested, align 4
  // CHECK-NEXT: [[ASKED:%.*]] = icmp ne i32 [[FLAG]], 0
  // CHECK-NEXT: br i1 [[ASKED]], label %[[UPDATE:.*]], label %[[POLL:[^,]*]], {{.*}}!prof [[WEIGHTS:![0-9]+]]
  // CHECK: [[UPDATE]]:
  // CHECK-NEXT: call {{.*}}void @upstare_update_point()
  // CHECK-NEXT: br label %[[POLL]]
  // CHECK: [[POLL]]:
  // CHECK-NEXT: br label %for.cond, {{.*}}!llvm.loop
  for (int i = 0; i < n; i++)
    work(i);
}
// CHECK: attributes #{{.*}} = { cold {{.*}}noinline
// CHECK: [[WEIGHTS]] = !{!"branch_weights", i32 1, i32 1048576}
