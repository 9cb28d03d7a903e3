// Values that do not outlive a point stay as they are; so do those that cross
// calls which are none.
// RUN: %emit %s | %opt -passes=upstare-demote -S | FileCheck %s

int f(int);
unsigned long strlen(const char *);

// CHECK-NOT: us.tmp
int within(int n) { return f(n * 2 + 1) * 2; }
unsigned long over_plain_call(const char *a, const char *b) {
  return f(3) + strlen(a) + strlen(b);
}
