// A clone arms again what the frame has armed before it goes on down, and keeps
// what the jmp_buf says about the signal mask.
// RUN: %emit %s | %opt -passes='upstare-early<rebuild-clones;embed-bitcode=0>,verify' -S | FileCheck %s
#include <setjmp.h>

void work(void);
extern jmp_buf place;

// CHECK: define {{.*}}i32 @guarded()
// CHECK: store ptr null, ptr [[ARMED:%.*]],
// CHECK: store ptr @place, ptr [[ARMED]],
// CHECK-NEXT: call i32 @_setjmp(ptr noundef @place)
// CHECK: define hidden i32 @us.rebuild.
// CHECK: us.enter:
// CHECK: [[BUFFER:%.*]] = load ptr, ptr %us.tmp
// CHECK-NEXT: icmp eq ptr [[BUFFER]], null
// CHECK: [[FLAG:%.*]] = getelementptr inbounds i8, ptr [[BUFFER]], i64 64
// CHECK: [[SAVED:%.*]] = load volatile i32, ptr [[FLAG]]
// CHECK: call i32 @_setjmp(ptr [[BUFFER]])
// CHECK: store volatile i32 [[SAVED]], ptr [[FLAG]]
int guarded(void) {
  if (setjmp(place))
    return 1;
  work();
  return 0;
}
