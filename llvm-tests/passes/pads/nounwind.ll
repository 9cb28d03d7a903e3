; A call that the optimiser proved never to unwind needs no pad: the bundle goes.
; RUN: %opt -passes=upstare-pads -S %s | FileCheck %s

declare void @f()

; CHECK-LABEL: define void @quiet()
; CHECK-NOT: personality
; CHECK: call void @f() #[[NOUNWIND:[0-9]+]]{{$}}
; CHECK-NEXT: ret void
; CHECK: attributes #[[NOUNWIND]] = { nounwind }
define void @quiet() {
  call void @f() nounwind [ "deopt"(i64 1, i32 0, i32 32, i32 0) ]
  ret void
}
