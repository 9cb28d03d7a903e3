// A cycle that gotos enter at two places is no loop, but polls too.
// RUN: %emit %s | %opt -passes='upstare-update-points,verify' -S | FileCheck %s

// CHECK-LABEL: define {{.*}} @machine(
// CHECK: call {{.*}} @upstare_update_point()
// CHECK: ret i32
int machine(int state, volatile int *input) {
  if (state)
    goto other;
one:
  state += *input;
  if (state == 7)
    return state;
other:
  state ^= *input;
  if (state != 9)
    goto one;
  return state;
}
