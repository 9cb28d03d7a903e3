// A program that defines its own read keeps calling it: in this file by its name,
// in others by the wrapper's. A static one is nobody else's.
// RUN: %emit %s | %opt -passes=upstare-blocking-calls -S | FileCheck %s

// CHECK-NOT: upstare_poll
// CHECK: @upstare_read = {{.*}}alias i64 (i32, ptr, i64), ptr @read
// CHECK-NOT: upstare_poll
// CHECK: define {{.*}} i64 @read(
long read(int fd, void *buffer, unsigned long size) { return fd; }
static int poll(int n) { return n; }

// CHECK-LABEL: define {{.*}} @own(
// CHECK: call i64 @read(
// CHECK: call i32 @poll(
// CHECK-NOT: upstare_read
long own(int fd) { return read(fd, 0, 0) + poll(fd); }
