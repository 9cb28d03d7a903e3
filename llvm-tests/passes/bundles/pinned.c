// Of a pinned member the bundle holds the address, which captures nothing; such
// a frame owns memory that callees may use, so it is recorded in tail position.
// A frame with nothing left to do has an empty bundle.
// RUN: %emit %s | env UPSTARE_OPTIONS=level=2 %opt -passes='upstare-bundles' -S | FileCheck %s

void take(int *);

// CHECK-LABEL: define {{.*}} @pinned(
// CHECK: [[RECORDED:%.*]] = call ptr @llvm.launder.invariant.group.p0(ptr %x)
// CHECK: call void @take({{.*}}) [ "deopt"(i64 {{-?[0-9]+}}, i32 0, i32 48, i32 1, i32 32, ptr [[RECORDED]]) ]
void pinned(void) {
  int x = 1;
  take(&x);
}

// CHECK-LABEL: define {{.*}} @nothing_left(
// CHECK: call void @take(ptr noundef null) [ "deopt"() ], !dbg
void nothing_left(void) { take(0); }
