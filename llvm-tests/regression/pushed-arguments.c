// A call that has pushed arguments gives its frame another stack pointer in the
// landing pad than at the call: the frame was taken for one without a record.
// RUN: %identity_sweep %t.O0 %s -O0
// RUN: %identity_sweep %t.O2 %s -O2
// RUN: %identity_sweep %t.O3 %s -O3 | FileCheck %s
// CHECK: 0 not, 0 different

#include <stdio.h>

__attribute__((noinline)) static long many(long a, long b, long c, long d,
                                           long e, long f, long g, long h,
                                           long i) {
  long sum = 0;
  for (long k = 0; k < a; k++) {
    printf("%ld\n", k);
    sum += b ^ c ^ d ^ e ^ f ^ g ^ h ^ i ^ k;
  }
  return sum;
}

__attribute__((noinline)) static long outer(long n, long x, long y) {
  long s = many(n, x, y, n, x, y, 0, 1, 2);
  return s + y;
}

int main(int argc, char **argv) {
  printf("sum %ld\n", outer(argc + 3, 5, argc));
  return 0;
}
