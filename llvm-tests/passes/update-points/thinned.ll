; A loop that turns out to have a bound after inlining loses its poll before
; vectorisation; one that has none, or that makes a call, keeps it.
; RUN: %opt -passes='upstare-thin-polls,verify' -S %s | FileCheck %s

target triple = "x86_64-pc-linux-gnu"
@__upstare_requested = linkonce hidden global i32 0
declare preserve_allcc void @upstare_update_point()
declare void @work()

; CHECK-LABEL: define void @counted(
; CHECK-NOT: __upstare_requested
; CHECK-NOT: upstare_update_point
; CHECK: br i1 %more, label %loop, label %done, !llvm.loop
; CHECK: ret void
define void @counted(ptr %p, i64 %n) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %rest ]
  %at = getelementptr float, ptr %p, i64 %i
  store float 1.0, ptr %at
  %next = add nuw nsw i64 %i, 1
  %flag = load volatile i32, ptr @__upstare_requested
  %asked = icmp ne i32 %flag, 0
  br i1 %asked, label %update, label %rest
update:
  call preserve_allcc void @upstare_update_point() [ "deopt"(i64 7, i32 0, i32 48, i32 1, i32 32, i64 %next) ]
  br label %rest
rest:
  %more = icmp ult i64 %next, %n
  br i1 %more, label %loop, label %done, !llvm.loop !0
done:
  ret void
}

; CHECK-LABEL: define void @searching(
; CHECK: load volatile i32, ptr @__upstare_requested
; CHECK: call preserve_allcc void @upstare_update_point()
; CHECK-NOT: nounwind
; CHECK: ret void
define void @searching(ptr %p) {
entry:
  br label %loop
loop:
  %at = phi ptr [ %p, %entry ], [ %next, %rest ]
  %next = load ptr, ptr %at
  %flag = load volatile i32, ptr @__upstare_requested
  %asked = icmp ne i32 %flag, 0
  br i1 %asked, label %update, label %rest
update:
  call preserve_allcc void @upstare_update_point() [ "deopt"(i64 8, i32 0, i32 48, i32 1, i32 32, ptr %next) ]
  br label %rest
rest:
  %more = icmp ne ptr %next, null
  br i1 %more, label %loop, label %done
done:
  ret void
}

; CHECK-LABEL: define void @calling(
; CHECK: call preserve_allcc void @upstare_update_point()
; CHECK: ret void
define void @calling(i64 %n) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %rest ]
  call void @work()
  %next = add nuw nsw i64 %i, 1
  %flag = load volatile i32, ptr @__upstare_requested
  %asked = icmp ne i32 %flag, 0
  br i1 %asked, label %update, label %rest
update:
  call preserve_allcc void @upstare_update_point() [ "deopt"(i64 9, i32 0, i32 48, i32 1, i32 32, i64 %next) ]
  br label %rest
rest:
  %more = icmp ult i64 %next, %n
  br i1 %more, label %loop, label %done
done:
  ret void
}

!0 = distinct !{!0, !1}
!1 = !{!"llvm.loop.mustprogress"}
