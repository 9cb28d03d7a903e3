// A program that defines its own read keeps calling it.
// RUN: %emit %s | %opt -passes=upstare-blocking-calls -S | FileCheck %s

// CHECK-NOT: upstare_read
// CHECK: define {{.*}} i64 @read(
long read(int fd, void *buffer, unsigned long size) { return fd; }

// CHECK-LABEL: define {{.*}} @own(
// CHECK: call i64 @read(
// CHECK-NOT: upstare_read
long own(int fd) { return read(fd, 0, 0); }
