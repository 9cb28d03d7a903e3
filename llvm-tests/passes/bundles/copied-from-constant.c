// An object that is a copy of a constant and only read stays an object: the
// optimiser would record the constant's address, and the next version writes
// to what is recorded.
// RUN: %emit %s | %opt -passes='upstare-early<embed-bitcode=0>,function(sroa,instcombine)' -S | FileCheck %s

int f(const int *);

// CHECK-LABEL: define {{.*}} @constant(
// CHECK: [[A:%a]] = alloca [3 x ptr]
// CHECK: [[RECORDED:%.*]] = call ptr @llvm.launder.invariant.group.p0(ptr {{.*}}[[A]])
// CHECK: call i32 @f({{.*}} [ "deopt"({{.*}} ptr [[RECORDED]],{{.*}}) ]
int one, two, three;
int constant(int n) {
  int *a[3] = {&one, &two, &three};
  return f(a[n]) + *a[n - 1];
}

// CHECK-LABEL: define {{.*}} @by_value(
// CHECK: [[RECORDED:%.*]] = call ptr @llvm.launder.invariant.group.p0(ptr {{.*}}%b)
// CHECK: call i32 @f({{.*}} [ "deopt"({{.*}} ptr [[RECORDED]]
struct big { int a[20]; };
int by_value(struct big b, int n) { return f(0) + b.a[n]; }
