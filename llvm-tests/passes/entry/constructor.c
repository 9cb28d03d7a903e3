// Each object registers its image with one constructor, of which the linker
// keeps one; it refers to the ABI version, so that a wrong runtime does not link.
// RUN: %emit %s | %opt -passes='upstare-entry,verify' -S | FileCheck %s

// CHECK-DAG: $[[COMDAT:__upstare_init_image]] = comdat any
// CHECK-DAG: @[[IMAGE:__upstare_image]] = linkonce hidden global { i32, i32, ptr } { i32 3, i32 16, ptr @__upstare_requested }, comdat
// CHECK-DAG: @llvm.global_ctors = appending global [1 x { i32, ptr, ptr }] [{ i32, ptr, ptr } { i32 1, ptr @[[COMDAT]], ptr @[[COMDAT]] }]
// CHECK: define linkonce hidden void @[[COMDAT]]() {{.*}}comdat {
// CHECK-NEXT: load volatile i8, ptr @upstare_abi_v3
// CHECK-NEXT: call void @upstare_register_image(ptr @[[IMAGE]])
int function(void) { return 3; }
