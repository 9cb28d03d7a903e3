// Without optimisation, where clang marks functions optnone, all is the same.
// RUN: %emit0 %s | %opt -passes=upstare-update-points -S | FileCheck %s

int work(int);

// CHECK: define {{.*}} @loop({{.*}}) [[ATTRIBUTES:#[0-9]+]]
// CHECK: load volatile i32, ptr @__upstare_requested
// CHECK: call {{.*}}void @upstare_update_point()
void loop(int n) {
  while (n)
    n = work(n);
}

// CHECK-LABEL: define {{.*}} @counted(
// CHECK-NOT: call {{.*}}void @upstare_update_point
void counted(int *x) {
  for (int i = 0; i < 100; i++)
    x[i] = i;
}
// CHECK: attributes [[ATTRIBUTES]] = { {{.*}}optnone
