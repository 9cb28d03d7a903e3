// A main that calls itself calls the renamed one: there is one root.
// RUN: %emit %s | %opt -passes='upstare-entry,verify' -S | FileCheck %s

// CHECK: define hidden i32 @upstare.main(
// CHECK: call i32 @upstare.main(
int main(int argc, char **argv) { return argc ? main(argc - 1, argv) : 0; }
