// A loop that makes a blocking call in each iteration needs no poll: the call is
// an update point. One that makes it now and then does.
// RUN: %emit %s | %opt -passes=upstare-blocking-calls,upstare-update-points -S | FileCheck %s

long read(int, void *, unsigned long);

// CHECK-LABEL: define {{.*}} @always(
// CHECK-NOT: upstare_update_point
// CHECK: call i64 @upstare_read(
// CHECK-NOT: upstare_update_point
// CHECK: ret void
void always(char *buffer) {
  while (read(0, buffer, 1) > 0)
    ;
}

// CHECK-LABEL: define {{.*}} @sometimes(
// CHECK: call {{.*}}void @upstare_update_point()
// CHECK: call i64 @upstare_read(
void sometimes(char *buffer) {
  for (volatile int i = 0; i != 10; i++)
    if (i == 5)
      read(0, buffer, 1);
}
