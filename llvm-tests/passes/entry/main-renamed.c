// The program's main runs under the runtime's; it gets what main gets.
// RUN: %emit %s | %opt -passes='upstare-entry,verify' -S | FileCheck %s

// CHECK: define hidden i32 @upstare.main(
// CHECK: define dso_local i32 @main(i32 [[ARGC:%.*]], ptr [[ARGV:%.*]], ptr [[ENVP:%.*]])
// CHECK: [[STATUS:%.*]] = call i32 @upstare_main(ptr @upstare.main, i32 [[ARGC]], ptr [[ARGV]], ptr [[ENVP]])
// CHECK-NEXT: ret i32 [[STATUS]]
int main(void) { return 3; }
