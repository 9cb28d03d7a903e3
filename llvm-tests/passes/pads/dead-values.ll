; A value that the optimiser found to be undefined is not stored; records are
; zeroed before.
; RUN: %opt -passes=upstare-pads -S %s | FileCheck %s

declare void @f()

; CHECK-LABEL: define void @undefined()
; CHECK: store i32 48, ptr
; CHECK-NEXT: getelementptr inbounds i8, ptr %{{.*}}, i64 36
; CHECK-NEXT: store i32 7, ptr
; CHECK-NEXT: call void @upstare_unwind_resume(
define void @undefined() {
  call void @f() [ "deopt"(i64 1, i32 0, i32 48, i32 3, i32 32, i32 undef, i32 36, i32 7, i32 40, i32 poison) ]
  ret void
}
