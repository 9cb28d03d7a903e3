// A bounded loop that comes to an inner one in some rounds only asks on the way into
// the inner one; one that comes there in every round asks at its own back edge, as
// does one without a bound.
// RUN: %emit %s | %opt -passes='upstare-update-points,verify' -S | FileCheck %s

// CHECK-LABEL: define {{.*}} @longest(
// CHECK: br i1 {{.*}}, label %us.update, label %us.poll
// CHECK: us.update:
// CHECK-NEXT: call {{.*}} @upstare_update_point(){{.*}} !upstare.loop_entry
// CHECK: us.poll:
// CHECK-NEXT: br label %while.cond
// CHECK-NOT: @upstare_update_point
// CHECK: ret i32
int longest(const int *next, const char *text, int at, int wanted, unsigned tries) {
  int best = 0;
  do {
    if (text[at] != text[wanted])
      continue;
    const char *a = text + at, *b = text + wanted;
    int length = 0;
    while (length < 100 && a[length] == b[length])
      length++;
    if (length > best)
      best = length;
  } while ((at = next[at]) > 0 && --tries != 0);
  return best;
}

// CHECK-LABEL: define {{.*}} @always(
// CHECK: us.back:
// CHECK: call {{.*}} @upstare_update_point()
// CHECK-NOT: !upstare.loop_entry
// CHECK: ret i32
int always(const int *a, int n, int m) {
  int sum = 0;
  for (int i = 0; i < n; i++)
    for (int j = 0; j < m; j++)
      sum += a[i * m + j] != i;
  return sum;
}

// CHECK-LABEL: define {{.*}} @endless(
// CHECK: us.back:
// CHECK: call {{.*}} @upstare_update_point()
// CHECK-NOT: !upstare.loop_entry
// CHECK: ret i32
int endless(const volatile int *a, int m) {
  int sum = 0;
  while (*a)
    if (a[1])
      for (int j = 0; j < m; j++)
        sum += a[j];
  return sum;
}
