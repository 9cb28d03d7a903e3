// A call with a handler also records what only the handler reads: the callee
// may throw after the update.
// RUN: %emitxx %s | %opt -passes='print<upstare-points>' -disable-output | FileCheck %s

void f();

// CHECK: points _Z6handlei
// CHECK-NEXT: 0: call _Z1fv#0 {{.*}} live n{{$}}
int handle(int n) {
  try {
    f();
  } catch (int) {
    return n;
  }
  return 0;
}
