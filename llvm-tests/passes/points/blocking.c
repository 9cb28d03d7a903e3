// Blocking calls are points of their own kind, by their name in the source.
// RUN: %emit %s | env UPSTARE_OPTIONS=level=2 %opt -passes='print<upstare-points>' -disable-output | FileCheck %s

long read(int, void *, unsigned long);
unsigned sleep(unsigned);

// CHECK: points serve
// CHECK-NEXT: 0: blocking call read#0
// CHECK-NEXT: 1: blocking call sleep#0
// CHECK-NEXT: 2: blocking call read#1 {{.*}} tail
long serve(int fd, char *buffer) {
  read(fd, buffer, 1);
  sleep(1);
  return read(fd, buffer, 1);
}
