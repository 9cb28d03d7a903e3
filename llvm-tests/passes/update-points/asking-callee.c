// A loop that calls, in each iteration, a function that always comes to an update
// point needs no poll of its own. One that does so now and then does, and so
// does one whose callee asks only sometimes or may be replaced at run time.
// RUN: %emit %s | %opt -passes=upstare-blocking-calls,upstare-update-points -S | FileCheck %s

long read(int, void *, unsigned long);
int work(int);

static long wait_for_byte(char *byte) { return read(0, byte, 1); }
__attribute__((weak)) long replaceable(char *byte) { return read(0, byte, 1); }
static long now_and_then(char *byte) { return *byte ? read(0, byte, 1) : 0; }
// CHECK-LABEL: define {{.*}} @always(
// CHECK-NOT: upstare_update_point
// CHECK: ret void
void always(char *byte) {
  while (wait_for_byte(byte) > 0)
    work(*byte);
}

// CHECK-LABEL: define {{.*}} @sometimes(
// CHECK: call {{.*}}void @upstare_update_point()
void sometimes(char *byte) {
  while (*byte)
    if (work(*byte))
      wait_for_byte(byte);
}

// CHECK-LABEL: define {{.*}} @uncertain(
// CHECK: call {{.*}}void @upstare_update_point()
void uncertain(char *byte) {
  while (now_and_then(byte) > 0)
    ;
}

// CHECK-LABEL: define {{.*}} @interposed(
// CHECK: call {{.*}}void @upstare_update_point()
void interposed(char *byte) {
  while (replaceable(byte) > 0)
    ;
}

// The recursive call asks at its entry.
// CHECK-LABEL: define {{.*}} @tree(
// CHECK-COUNT-1: call {{.*}}void @upstare_update_point()
// CHECK-NOT: upstare_update_point
// CHECK: ret void
void tree(int depth) {
  for (int i = 0; i < work(depth); i++)
    tree(depth - 1);
}
