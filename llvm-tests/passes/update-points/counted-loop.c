// A call-free innermost loop with a trip count has no poll: it is bounded, and
// a poll would keep it from being vectorised.
// RUN: %emit %s | %opt -passes=upstare-update-points -S | FileCheck %s

// CHECK-NOT: upstare_update_point
void scale(float *x, int n) {
  for (int i = 0; i < n; i++)
    x[i] *= 2;
}

double known_function(double *x) {
  double sum = 0;
  for (int i = 0; i < 100; i++)
    sum += __builtin_sqrt(x[i]);
  return sum;
}
