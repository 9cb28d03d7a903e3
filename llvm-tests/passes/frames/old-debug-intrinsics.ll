; Bitcode that still has debug intrinsics in place of records is read too.
; RUN: %opt -passes='print<upstare-frames>' -disable-output %s | FileCheck %s
; RUN: %opt -passes='print<upstare-frames>' -disable-output -experimental-debuginfo-iterators=false %s | FileCheck %s

declare i32 @f(ptr)
declare void @llvm.dbg.declare(metadata, metadata, metadata)

; CHECK: frame g
; CHECK-NEXT: pinned i32 x line 3
define i32 @g() !dbg !3 {
  %x = alloca i32
  call void @llvm.dbg.declare(metadata ptr %x, metadata !4, metadata !DIExpression()), !dbg !6
  %r = call i32 @f(ptr %x), !dbg !6
  %s = load i32, ptr %x
  ret i32 %s
}

!llvm.dbg.cu = !{!1}
!llvm.module.flags = !{!0}
!0 = !{i32 2, !"Debug Info Version", i32 3}
!1 = distinct !DICompileUnit(language: DW_LANG_C11, file: !2, emissionKind: FullDebug)
!2 = !DIFile(filename: "g.c", directory: "/")
!3 = distinct !DISubprogram(name: "g", file: !2, line: 1, unit: !1, spFlags: DISPFlagDefinition)
!4 = !DILocalVariable(name: "x", scope: !3, file: !2, line: 3, type: !5)
!5 = !DIBasicType(name: "int", size: 32, encoding: DW_ATE_signed)
!6 = !DILocation(line: 4, scope: !3)
