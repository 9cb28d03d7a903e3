// Direct calls of a blocking function go to the runtime's wrapper.
// RUN: %emit %s | %opt -passes=upstare-blocking-calls -S | FileCheck %s

long read(int, void *, unsigned long);
int nanosleep(const void *, void *);

// CHECK-LABEL: define {{.*}} @serve(
long serve(int fd, char *buffer) {
  // CHECK: call i64 @upstare_read(i32 {{.*}}, ptr {{.*}}, i64 {{.*}}16)
  long n = read(fd, buffer, 16);
  // CHECK: call i32 @upstare_nanosleep(ptr
  nanosleep(buffer, 0);
  return n;
}
