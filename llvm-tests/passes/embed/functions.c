// The late stage lists the functions that are left, static ones too, and aligns
// them so that their entry can be replaced.
// RUN: %emit %s | env UPSTARE_OPTIONS=level=2 %opt -passes='upstare-early,upstare-late,verify' -S | FileCheck %s

void outside(void);

// CHECK: @[[BLOB:upstare.blob.[0-9]+]] = private constant <{ {{.*}} c"UPSTARE\0A", i32 3, i32 2, i32 0, i32 3, i64 0,
// CHECK-SAME: ptr @upstare.main }>, <{ i64, ptr }> <{ i64 {{-?[0-9]+}}, ptr @used }>, <{ i64, ptr }> <{ i64 {{-?[0-9]+}}, ptr @kept }>]
static void used(void) { outside(); }
static void unused(void) { outside(); }
// CHECK: define hidden i32 @upstare.main() {{.*}} align 16
// CHECK: define internal void @used() {{.*}} align 16
int main(void) {
  used();
  return 0;
}
// CHECK: define {{.*}} @kept() {{.*}} align 16
void kept(void) {}
// CHECK-NOT: define {{.*}} @unused
