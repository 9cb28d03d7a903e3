// The module as it was, how it was compiled, and key and address of what it
// defines, in a section that is not loaded.
// RUN: %emit %s | %opt -passes='upstare-embed<level=2>,verify' -S | FileCheck %s

int global = 1;
static int local = 2;
__thread int thread_local_one;
extern int elsewhere;

// CHECK: @upstare.blob = private constant <{ {{.*}} c"UPSTARE\0A", i32 3, i32 1, i32 [[OPTIONS:[0-9]+]], i32 2, i64 {{[0-9]+}}, {{.*}} c"entry-polls=cycles;poll-counted-loops=0;save-all=0;keep-tail-frames=0;level=2{{.*}}", {{.*}} c"BC\C0\DE
// CHECK-SAME: [2 x <{ i64, ptr }>] [<{ i64, ptr }> <{ i64 [[KEY:-?[0-9]+]], ptr @global }>, <{ i64, ptr }> <{ i64 {{-?[0-9]+}}, ptr @local }>]
// CHECK-SAME: section ".llvmcmd", align 8
// CHECK: @llvm.compiler.used = {{.*}} @upstare.blob
const char *function(void) {
  return "private" + global + local + thread_local_one + elsewhere;
}
