// C++ functions without handlers get the C++ personality, so that a pad can be
// merged with others when the linker inlines.
// RUN: %emitxx %s | %opt -passes='upstare-bundles,upstare-pads,verify' -S | FileCheck %s

int f(int);

// CHECK: define {{.*}} @_Z4calli({{.*}} personality ptr @__gxx_personality_v0
int call(int n) { return f(1) + n; }
