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

// A pointer moves through an object, which ends somewhere, to where nobody says.
// CHECK-LABEL: define {{.*}} @through_string(
// CHECK-NOT: upstare_update_point
// CHECK: ret i64
unsigned long through_string(const char *s) {
  unsigned long hash = 0;
  while (*s)
    hash = hash * 31 + *s++;
  return hash;
}

// CHECK-LABEL: define {{.*}} @at_different_speed(
// CHECK-NOT: upstare_update_point
// CHECK: ret i32
int at_different_speed(const char *at, const char *end) {
  int lines = 0;
  while (end - at >= 1) {
    switch (*at) {
    case '\r':
      at++;
      if (end - at >= 1 && *at == '\n')
        at++;
      break;
    case '\n':
      lines++;
      at += 1;
      break;
    case '\\':
      at += 2;
      break;
    default:
      at++;
    }
  }
  return lines;
}

// CHECK-LABEL: define {{.*}} @by_some(
// CHECK: call {{.*}} @upstare_update_point()
int by_some(const unsigned char *at, const unsigned char *end) {
  int count = 0;
  while (at < end) {
    at += *at;
    count++;
  }
  return count;
}

// CHECK-LABEL: define {{.*}} @goes_back(
// CHECK: call {{.*}} @upstare_update_point()
int goes_back(const char *start, const char *end, const volatile int *stop) {
  const char *at = start;
  int sum = 0;
  while (!*stop) {
    sum += *at++;
    if (at == end)
      at = start;
  }
  return sum;
}
