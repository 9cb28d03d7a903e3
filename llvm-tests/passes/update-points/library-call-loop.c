// A loop of library calls can be slow, though none of them reaches a poll.
// RUN: %emit %s | %opt -passes=upstare-update-points -S | FileCheck %s

int printf(const char *, ...);

// CHECK-LABEL: define {{.*}} @list(
// CHECK: call {{.*}}void @upstare_update_point()
void list(int n) {
  for (int i = 0; i < n; i++)
    printf("%d\n", i);
}
