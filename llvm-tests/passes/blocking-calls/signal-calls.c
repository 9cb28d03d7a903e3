// Calls that could block or take over the update signal go to the runtime,
// but are no continuation points.
// RUN: %emit %s | %opt -passes='print<upstare-points>,upstare-blocking-calls' -S | FileCheck %s

typedef struct { unsigned long bits[16]; } set;
int sigprocmask(int, const set *, set *) __attribute__((nothrow));
void (*signal(int, void (*)(int)))(int) __attribute__((nothrow));

// CHECK-NOT: points mask
// CHECK-LABEL: define {{.*}} @mask(
void mask(set *s) {
  // CHECK: call i32 @upstare_sigprocmask(
  sigprocmask(0, s, 0);
  // CHECK: call ptr @upstare_signal(
  signal(2, 0);
}
