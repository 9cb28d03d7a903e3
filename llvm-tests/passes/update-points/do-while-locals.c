// The poll of a loop belongs to the scope of the loop, so that the record holds
// what the loop reads.
// RUN: %emit %s | %opt -passes='print<upstare-points>' -disable-output | FileCheck %s

int next(int);

// CHECK: points scopes
// CHECK-NEXT: 0: update point line {{.*}} live n outer inner
void scopes(int n) {
  int outer = n;
  {
    int inner = n + 1;
    do {
      { int local = next(n); n += local; }
    } while (inner + outer < n);
  }
}

// CHECK: points forever
// CHECK: 1: update point line {{.*}} live flags x
void forever(int *flags) {
  {
    int x = next(1);
    for (;;) {
      if (flags[x])
        break;
    }
    flags[x] = 0;
  }
}
