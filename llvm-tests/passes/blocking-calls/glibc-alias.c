// glibc's other names of a blocking function are the function.
// RUN: %emit %s | %opt -passes=upstare-blocking-calls -S | FileCheck %s
long __read(int, void *, unsigned long);
int fcntl64(int, int, ...);

// CHECK-LABEL: define {{.*}} @aliases(
void aliases(void *buffer) {
  // CHECK: call i64 @upstare_read(
  __read(0, buffer, 8);
  // CHECK: call i32 (i32, i32, ...) @upstare_fcntl(i32 {{.*}}, i32 {{.*}}, ptr
  fcntl64(0, 7, buffer);
}
