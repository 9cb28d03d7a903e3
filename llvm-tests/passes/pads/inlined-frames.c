// With the frames of inlined functions a pad writes one record each, innermost
// first, one behind the other.
// RUN: %emit %s | %opt -passes='upstare-early<embed-bitcode=0>,cgscc(inline),upstare-pads,verify' -S | FileCheck %s

int f(int);

// CHECK-LABEL: define {{.*}} @outer(
// CHECK: us.record:
// CHECK: [[CURSOR:%.*]] = load ptr
// CHECK: [[INNER:%.*]] = getelementptr inbounds i8, ptr [[CURSOR]], i64 0
// CHECK-NEXT: store i64 {{-?[0-9]+}}, ptr [[INNER]], align 16
// CHECK: getelementptr inbounds i8, ptr [[CURSOR]], i64 36
// CHECK: [[OUTER:%.*]] = getelementptr inbounds i8, ptr [[CURSOR]], i64 48
// CHECK-NEXT: store i64 {{-?[0-9]+}}, ptr [[OUTER]], align 16
// CHECK: getelementptr inbounds i8, ptr [[CURSOR]], i64 80
// CHECK: call void @upstare_unwind_resume(ptr {{.*}}, i64 96)
static int inner(int x) {
  int y = x * 2;
  return f(y) + y;
}
int outer(int n) { return inner(n + 1) + n; }
