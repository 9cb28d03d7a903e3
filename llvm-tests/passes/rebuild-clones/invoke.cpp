// Where the call has a handler, the call of the next clone has it too.
// RUN: %emitxx %s | %opt -passes='upstare-rebuild-clones,verify' -S | FileCheck %s

int f(int);

// CHECK: define hidden noundef i32 @us.rebuild.
// CHECK: invoke noundef i32 %{{.*}}(ptr %{{.*}}) [ "deopt"(
// CHECK-NEXT: to label %{{.*}} unwind label %[[PAD:.*]], !dbg
// CHECK: {{^}$}}
int handled(int n) {
  try {
    return f(n) + n;
  } catch (int e) {
    return e;
  }
}
