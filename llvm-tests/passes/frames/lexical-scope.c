// A point records what is in lexical scope there: around a loop, dataflow alone
// would keep each arm's variables alive in the other arms.
// RUN: %emit0 %s | %opt -passes='print<upstare-points>' -disable-output | FileCheck %s

int g(int);

// CHECK: points arms
// CHECK: 0: update point {{.*}} live n{{$}}
// CHECK: 1: call g#0 {{.*}} live n{{$}}
// CHECK: 2: call g#1 {{.*}} live n one{{$}}
// CHECK: 3: call g#2 {{.*}} live n two{{$}}
int arms(int n) {
  int sum = 0;
  for (;;)
    switch (g(n)) {
    case 1: {
      int one;
      if (n)
        one = 3;
      n -= g(2);
      n += one;
      break;
    }
    case 2: {
      int two = n;
      n += g(3);
      n += two;
      break;
    }
    default:
      return n;
    }
}
