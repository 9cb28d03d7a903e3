// The checking variants of _FORTIFY_SOURCE are redirected too.
// RUN: %emit %s | %opt -passes=upstare-blocking-calls -S | FileCheck %s

long __read_chk(int, void *, unsigned long, unsigned long);
int __poll_chk(void *, unsigned long, int, unsigned long);

// CHECK-LABEL: define {{.*}} @fortified(
void fortified(void *buffer) {
  // CHECK: call i64 @upstare_read_chk(
  __read_chk(0, buffer, 8, 16);
  // CHECK: call i32 @upstare_poll_chk(
  __poll_chk(buffer, 1, 0, 16);
}
