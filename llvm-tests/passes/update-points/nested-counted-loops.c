// Of nested counted loops the outer one polls, once a row.
// RUN: %emit %s | env UPSTARE_OPTIONS=level=2 %opt -passes='print<upstare-points>' -disable-output | FileCheck %s

// CHECK: points matrix
// CHECK-NEXT: 0: update point line [[@LINE+4]] loops 0
// CHECK-NEXT: 1: loop head
// CHECK-NOT: {{[2-9]}}:
void matrix(float *a, const float *b, int n) {
  for (int i = 0; i < n; i++)
    for (int j = 0; j < n; j++)
      a[i * n + j] += b[j * n + i];
}
