// Which functions poll at their entry is an option.
// RUN: %emit %s -o %t.ll
// RUN: %opt -passes='upstare-update-points' -S %t.ll | FileCheck --check-prefixes=CYCLES %s
// RUN: %opt -passes='upstare-update-points<entry-polls=cycles>' -S %t.ll | FileCheck --check-prefixes=CYCLES %s
// RUN: %opt -passes='upstare-update-points<entry-polls=none>' -S %t.ll | FileCheck --check-prefixes=NONE %s
// RUN: %opt -passes='upstare-update-points<entry-polls=all>' -S %t.ll | FileCheck --check-prefixes=ALL %s

// NONE-NOT: upstare_update_point
// CYCLES-LABEL: define {{.*}} @leaf(
// CYCLES-NOT: upstare_update_point
// CYCLES-LABEL: define {{.*}} @factorial(
// CYCLES: call {{.*}}void @upstare_update_point()
// ALL-LABEL: define {{.*}} @leaf(
// ALL: store i32 %x, ptr %x.addr
// ALL: load volatile i32, ptr @__upstare_requested
// ALL: call {{.*}}void @upstare_update_point()
// ALL-LABEL: define {{.*}} @factorial(
// ALL: call {{.*}}void @upstare_update_point()
// ALL-NOT: call {{.*}}void @upstare_update_point()
int leaf(int x) { return x + 1; }
int factorial(int n) { return n < 2 ? 1 : n * factorial(n - 1); }
