// Points are numbered as the source runs, callees counted by occurrence.
// RUN: %emit %s | %opt -passes='print<upstare-points>' -disable-output | FileCheck %s

int f(int), g(int);

// CHECK: points order
// CHECK-NEXT: 0: call f#0 line [[@LINE+9]] live
// CHECK-NEXT: 1: call g#0 line [[@LINE+8]] live
// CHECK-NEXT: 2: call f#1 line [[@LINE+9]] live
// CHECK-NEXT: 3: update point line [[@LINE+11]] loops 0 live
// CHECK-NEXT: 4: update point line [[@LINE+11]] loops 0 1 live
// CHECK-NEXT: 5: call f#2 line [[@LINE+11]] loops 0 1 live
// CHECK-NEXT: 6: call g#1 line [[@LINE+11]] loops 0 live
// CHECK-NEXT: 7: call f#3 line [[@LINE+12]] live
int order(int n) {
  int a = g(f(n));
  if (a)
    a = f(a);
  else
    a = 2;
  for (int i = 0; i < n; i++) {
    while (a < i)
      a += f(i);
    a += g(a);
  }
  return f(a) + 1;
}
