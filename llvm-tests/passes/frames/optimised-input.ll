; Bitcode that was optimised before has inlined calls: a variable of the caller
; is in scope there, one of another inlined function is not.
; RUN: %opt -passes='print<upstare-points>' -disable-output %s | FileCheck %s

declare i32 @f()

; CHECK: points caller
; CHECK-NEXT: 0: call f#0 {{.*}} live x{{$}}
define i32 @caller(i32 %n) !dbg !3 {
  %x = alloca i32
    #dbg_declare(ptr %x, !5, !DIExpression(), !8)
  store i32 %n, ptr %x
  %r = call i32 @f(), !dbg !7
  %y = load i32, ptr %x
  ret i32 %y
}

!llvm.dbg.cu = !{!1}
!llvm.module.flags = !{!0}
!0 = !{i32 2, !"Debug Info Version", i32 3}
!1 = distinct !DICompileUnit(language: DW_LANG_C11, file: !2, emissionKind: FullDebug)
!2 = !DIFile(filename: "g.c", directory: "/")
!3 = distinct !DISubprogram(name: "caller", file: !2, line: 1, unit: !1, spFlags: DISPFlagDefinition)
!4 = distinct !DISubprogram(name: "inlined", file: !2, line: 9, unit: !1, spFlags: DISPFlagDefinition)
!5 = !DILocalVariable(name: "x", scope: !3, file: !2, line: 3, type: !6)
!6 = !DIBasicType(name: "int", size: 32, encoding: DW_ATE_signed)
!7 = !DILocation(line: 10, scope: !4, inlinedAt: !8)
!8 = distinct !DILocation(line: 4, scope: !3)
