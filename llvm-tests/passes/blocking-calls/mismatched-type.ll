; A call through another type than the declaration's is left as it is.
; RUN: %opt -passes=upstare-blocking-calls -S %s | FileCheck %s

declare i64 @read(i32, ptr, i64)

define void @mismatched() {
; CHECK-LABEL: define void @mismatched(
; CHECK: call i32 @read(i32 1)
  %n = call i32 @read(i32 1)
  ret void
}
