// Loops whose end nobody can foresee poll, call-free or not.
// RUN: %emit %s | %opt -passes=upstare-update-points -S | FileCheck %s

extern volatile int ready;
struct node { struct node *next; int value; };

// CHECK-LABEL: define {{.*}} @spin(
// CHECK: call {{.*}}void @upstare_update_point()
void spin(void) {
  while (!ready)
    ;
}

// CHECK-LABEL: define {{.*}} @sum(
// CHECK: call {{.*}}void @upstare_update_point()
int sum(struct node *n) {
  int total = 0;
  for (; n; n = n->next)
    total += n->value;
  return total;
}

// CHECK-LABEL: define {{.*}} @by_goto(
// CHECK: call {{.*}}void @upstare_update_point()
void by_goto(void) {
again:
  if (!ready)
    goto again;
}
