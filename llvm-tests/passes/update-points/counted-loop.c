// An innermost loop with a trip count, and without calls that stay calls, has no
// poll: it is bounded, and a poll would keep it from being vectorised.
// RUN: %emit %s | %opt -passes=upstare-update-points -S | FileCheck %s
// RUN: %emit %s | %opt -passes='upstare-update-points<poll-counted-loops>' -S | FileCheck %s --check-prefix=ALL

// ALL-LABEL: define {{.*}} @scale(
// ALL: call {{.*}} @upstare_update_point()

// CHECK-NOT: upstare_update_point
void scale(float *x, int n) {
  for (int i = 0; i < n; i++)
    x[i] *= 2;
}

static float square(float x) { return x * x; }
float to_be_inlined(float *x) {
  float sum = 0;
  for (int i = 0; i < 100; i++)
    sum += square(x[i]) + __builtin_fabsf(x[i]);
  return sum;
}
