// On request the record holds all locals in scope, not only those in use.
// RUN: %emit %s -o %t.ll
// RUN: %opt -passes='upstare-bundles' -S %t.ll | FileCheck --check-prefix=LIVE %s
// RUN: %opt -passes='upstare-bundles<save-all>' -S %t.ll | FileCheck --check-prefix=ALL %s

void f(int);

// LIVE: call void @f({{.*}}) [ "deopt"(i64 {{-?[0-9]+}}, i32 0, i32 48, i32 0) ]
// ALL: call void @f({{.*}}) [ "deopt"(i64 {{-?[0-9]+}}, i32 0, i32 48, i32 2, i32 32, i32 %{{.*}}, i32 36, i32 %{{.*}}) ]
void saved(int n) {
  int twice = n * 2;
  f(twice);
  { int other; }
}
