//===- update_point_x86_64.S - the entry of an update point ---------------===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Answers: how does an update point leave all registers to the hot code around
// it? update_point.h declares these functions.
//
// Instrumented code calls upstare_update_point with LLVM's preserve_all
// convention. Every integer register is pushed, and the rest (vectors, x87, their
// modes) saved with XSAVE. An unwinder restores callee-saved registers only,
// but the landing pad of an update point expects all of them, so it is entered
// from here. The unwind information describes where rax and rdx are, because
// the personality routine puts the exception and the selector there. It is right
// at each instruction: the update signal may come at any, and its handler may
// walk the stack.
//
//===----------------------------------------------------------------------===//

        .text

        .macro  push_register name
        pushq   %\name
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset %\name, 0
        .endm

        .macro  pop_register name
        popq    %\name
        .cfi_adjust_cfa_offset -8
        .cfi_restore %\name
        .endm

        .macro  pop_registers pop
        \pop    r11
        \pop    r10
        \pop    r9
        \pop    r8
        \pop    rdi
        \pop    rsi
        \pop    rdx
        \pop    rcx
        \pop    rax
        \pop    r15
        \pop    r14
        \pop    r13
        \pop    r12
        \pop    rbx
        \pop    rbp
        .endm

        .macro  pop_silently name
        popq    %\name
        .endm

// void upstare_update_point(), preserve_all
        .globl  upstare_update_point
        .type   upstare_update_point, @function
upstare_update_point:
        .cfi_startproc
        push_register rbp
        push_register rbx
        push_register r12
        push_register r13
        push_register r14
        push_register r15
        push_register rax
        push_register rcx
        push_register rdx
        push_register rsi
        push_register rdi
        push_register r8
        push_register r9
        push_register r10
        push_register r11
        cld
        movq    %rsp, %rbp              // struct SavedRegisters
        .cfi_def_cfa_register %rbp
        movl    upstareXsaveSize(%rip), %ecx
        subq    %rcx, %rsp
        andq    $-64, %rsp
        xorl    %eax, %eax              // XRSTOR wants zeros in the header
        leaq    512(%rsp), %rdi
        movl    $8, %ecx
        rep stosq
        movl    $-1, %eax
        movl    $-1, %edx
        xsave64 (%rsp)
        movq    %rbp, %rdi
        movq    %rsp, %rsi
        callq   upstareUpdatePoint
        movl    $-1, %eax
        movl    $-1, %edx
        xrstor64 (%rsp)
        movq    %rbp, %rsp
        .cfi_def_cfa_register %rsp
        pop_registers pop_register
        retq
        .cfi_endproc
        .size   upstare_update_point, .-upstare_update_point

// [[noreturn]] upstareEnterPad(SavedRegisters *, XsaveArea)
//
// Returns from upstare_update_point to SavedRegisters::ReturnAddress, which has
// been replaced by the landing pad's.
        .globl  upstareEnterPad
        .hidden upstareEnterPad
        .type   upstareEnterPad, @function
upstareEnterPad:
        .cfi_startproc
        .cfi_undefined %rip
        movl    $-1, %eax
        movl    $-1, %edx
        xrstor64 (%rsi)
        movq    %rdi, %rsp
        pop_registers pop_silently
        retq
        .cfi_endproc
        .size   upstareEnterPad, .-upstareEnterPad

        .section .note.GNU-stack, "", @progbits
