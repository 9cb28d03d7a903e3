// The address of a blocking function stays its address; only calls change.
// RUN: %emit %s | %opt -passes=upstare-blocking-calls -S | FileCheck %s

long read(int, void *, unsigned long);
typedef long (*reader)(int, void *, unsigned long);

// CHECK: @table = {{.*}} @read
reader table[] = {read};

// CHECK-LABEL: define {{.*}} @choose(
// CHECK: ret ptr @read
reader choose(void) { return read; }

// CHECK-LABEL: define {{.*}} @through_table(
// CHECK: call i64 %{{.*}}(
long through_table(int fd, char *buffer) { return table[0](fd, buffer, 16); }
