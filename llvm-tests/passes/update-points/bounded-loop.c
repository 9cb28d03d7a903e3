// A loop that may be left early, but has a bound, has no poll: by a count, or by
// a variable that every round moves towards a fixed value. What is no bound: a
// value that may change, a variable that some round leaves as it is, and that a
// counter overflows some day.
// RUN: %emit %s | %opt -passes=upstare-update-points -S | FileCheck %s

// CHECK-LABEL: define {{.*}} @found(
// CHECK-NOT: upstare_update_point
// CHECK: ret i32
int found(const int *a, int n, int what) {
  for (int i = 0; i < n; i++)
    if (a[i] == what)
      return i;
  return -1;
}

// CHECK-LABEL: define {{.*}} @two_latches(
// CHECK-NOT: upstare_update_point
// CHECK: ret i32
int two_latches(int *a, int lo, int hi, int pivot) {
  while (lo <= hi) {
    if (a[lo] == pivot) {
      a[lo] = 0;
      lo += 2;
      continue;
    }
    if (a[lo] > pivot)
      break;
    lo++;
  }
  return lo;
}

// CHECK-LABEL: define {{.*}} @may_stand_still(
// CHECK: call {{.*}} @upstare_update_point()
int may_stand_still(int *a, int lo, int hi, int pivot) {
  while (lo <= hi) {
    if (a[lo] == pivot) {
      a[lo]--;
      continue;
    }
    lo++;
  }
  return lo;
}

// CHECK-LABEL: define {{.*}} @moving_bound(
// CHECK: call {{.*}} @upstare_update_point()
int moving_bound(volatile int *bound) {
  int i = 0;
  while (i < *bound)
    i++;
  return i;
}

// CHECK-LABEL: define {{.*}} @wraps(
// CHECK: call {{.*}} @upstare_update_point()
unsigned wraps(const unsigned *a, unsigned n) {
  unsigned i = 0;
  while (i <= n) {
    if (a[i] == 1) {
      i += 3;
      continue;
    }
    i += 2;
  }
  return i;
}
