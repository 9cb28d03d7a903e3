; A value that is used in the next iteration crosses the point of this one.
; RUN: %opt -passes=upstare-demote -S %s | FileCheck %s

declare void @outside(i32)

define void @loop(i32 %n) !dbg !3 {
; CHECK-LABEL: define void @loop(
; CHECK: [[SLOT:%us.tmp.*]] = alloca i32
; CHECK: head:
; CHECK: [[I:%i]] = phi i32
; CHECK: store i32 [[I]], ptr [[SLOT]]
; CHECK: call void @outside(
; CHECK-NEXT: [[RELOAD:%.*]] = load i32, ptr [[SLOT]]
; CHECK-NEXT: add i32 [[RELOAD]], 1
entry:
  br label %head
head:
  %i = phi i32 [ 0, %entry ], [ %next, %head ]
  call void @outside(i32 %i), !dbg !4
  %next = add i32 %i, 1
  %more = icmp slt i32 %next, %n
  br i1 %more, label %head, label %exit
exit:
  ret void
}

!llvm.dbg.cu = !{!1}
!llvm.module.flags = !{!0}
!0 = !{i32 2, !"Debug Info Version", i32 3}
!1 = distinct !DICompileUnit(language: DW_LANG_C11, file: !2, emissionKind: FullDebug)
!2 = !DIFile(filename: "loop.c", directory: "/")
!3 = distinct !DISubprogram(name: "loop", file: !2, line: 1, unit: !1, spFlags: DISPFlagDefinition)
!4 = !DILocation(line: 2, scope: !3)
