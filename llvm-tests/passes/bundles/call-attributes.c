// Calls keep their arguments' attributes and metadata under the bundle.
// RUN: %emit %s | %opt -passes='upstare-bundles' -S | FileCheck %s

struct big { int a[20]; };
int f(struct big, char) __attribute__((cold));

// CHECK-LABEL: define {{.*}} @attributes(
// CHECK: call i32 @f(ptr noundef byval(%struct.big) align 8 {{.*}}, i8 noundef signext {{.*}}) {{#[0-9]+ }}[ "deopt"({{.*}}) ], !dbg
int attributes(struct big *b) { return f(*b, 3) + 1; }
