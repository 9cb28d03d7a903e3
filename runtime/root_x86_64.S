//===- root_x86_64.S - the root of a thread, and stack switches -----------===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Answers: how does a thread leave its stack, and how does it come back?
// thread.h declares these functions. Their unwind information matters: the
// root is found by walking to it, and C++ exceptions, backtraces and thread
// cancellation pass through it as through any function.
//
//===----------------------------------------------------------------------===//

        .text

// int upstareRoot(Thread *, Main, Argc, Argv, Envp)
//
// The frame is addressed through rbp alone: after an update, rsp is far below
// it, with the extents of earlier versions in between. A walk from there finds
// the root because its CFA is rbp + 16 whatever rsp is.
        .globl  upstareRoot
        .hidden upstareRoot
        .type   upstareRoot, @function
upstareRoot:
        .cfi_startproc
        pushq   %rbp
        .cfi_def_cfa_offset 16
        .cfi_offset %rbp, -16
        movq    %rsp, %rbp
        .cfi_def_cfa_register %rbp
        pushq   %rbx
        pushq   %r12
        pushq   %r13
        pushq   %r14
        pushq   %r15
        .cfi_offset %rbx, -24
        .cfi_offset %r12, -32
        .cfi_offset %r13, -40
        .cfi_offset %r14, -48
        .cfi_offset %r15, -56
        subq    $8, %rsp
        movq    %rsp, 0(%rdi)           // Thread::RootSp
        movq    %rbp, 8(%rdi)           // Thread::RootFrame
        movq    %rsp, 16(%rdi)          // Thread::CallSp
        movq    %rsi, %rax
        movl    %edx, %edi
        movq    %rcx, %rsi
        movq    %r8, %rdx
        callq   *%rax
.Lmain_returned:
        leaq    -48(%rbp), %rsp         // drops all extents
        addq    $8, %rsp
        popq    %r15
        popq    %r14
        popq    %r13
        popq    %r12
        popq    %rbx
        .cfi_remember_state
        popq    %rbp
        .cfi_def_cfa %rsp, 8
        retq
        .cfi_restore_state

// [[noreturn]] upstareStartRebuild(Thread *, Sp, Rebuild, Record, Modes)
//
// In the unwind information of the root: what is called here has the root as
// its caller.
        .globl  upstareStartRebuild
        .hidden upstareStartRebuild
upstareStartRebuild:
        ldmxcsr 0(%r8)
        fldcw   4(%r8)
        movq    8(%rdi), %rbp
        movq    %rsi, %rsp
        movq    %rcx, %rdi
        callq   *%rdx
        jmp     .Lmain_returned
        .cfi_endproc
        .size   upstareRoot, .-upstareRoot

// long upstareSaveAndCall(Function, Argument)
//
// Pushes struct SavedContext. Neither the stack's content nor rsp needs to
// survive for upstareReturnTo, only the bytes from the context upwards: that is
// what a snapshot brings back.
        .globl  upstareSaveAndCall
        .hidden upstareSaveAndCall
        .type   upstareSaveAndCall, @function
upstareSaveAndCall:
        .cfi_startproc
        pushq   %rbp
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset %rbp, 0
        pushq   %rbx
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset %rbx, 0
        pushq   %r12
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset %r12, 0
        pushq   %r13
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset %r13, 0
        pushq   %r14
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset %r14, 0
        pushq   %r15
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset %r15, 0
        subq    $8, %rsp
        .cfi_adjust_cfa_offset 8
        stmxcsr 0(%rsp)
        fnstcw  4(%rsp)
        movw    $0, 6(%rsp)
        movq    %rdi, %rax
        movq    %rsp, %rdi
        callq   *%rax
.Lreturn_to:
        addq    $8, %rsp
        .cfi_adjust_cfa_offset -8
        popq    %r15
        .cfi_adjust_cfa_offset -8
        .cfi_restore %r15
        popq    %r14
        .cfi_adjust_cfa_offset -8
        .cfi_restore %r14
        popq    %r13
        .cfi_adjust_cfa_offset -8
        .cfi_restore %r13
        popq    %r12
        .cfi_adjust_cfa_offset -8
        .cfi_restore %r12
        popq    %rbx
        .cfi_adjust_cfa_offset -8
        .cfi_restore %rbx
        popq    %rbp
        .cfi_adjust_cfa_offset -8
        .cfi_restore %rbp
        retq
        .cfi_endproc
        .size   upstareSaveAndCall, .-upstareSaveAndCall

// [[noreturn]] upstareReturnTo(Context, Value)
        .globl  upstareReturnTo
        .hidden upstareReturnTo
        .type   upstareReturnTo, @function
upstareReturnTo:
        .cfi_startproc
        .cfi_undefined %rip
        ldmxcsr 0(%rdi)
        fldcw   4(%rdi)
        movq    %rsi, %rax
        movq    %rdi, %rsp
        jmp     .Lreturn_to
        .cfi_endproc
        .size   upstareReturnTo, .-upstareReturnTo

// [[noreturn]] upstareSwitchStack(Top, Function, Argument)
        .globl  upstareSwitchStack
        .hidden upstareSwitchStack
        .type   upstareSwitchStack, @function
upstareSwitchStack:
        .cfi_startproc
        .cfi_undefined %rip             // nothing to unwind to
        movq    %rdi, %rsp
        movq    %rdx, %rdi
        xorl    %ebp, %ebp
        callq   *%rsi
        ud2
        .cfi_endproc
        .size   upstareSwitchStack, .-upstareSwitchStack

// upstareCallOnStack(Top, Function, Argument)
        .globl  upstareCallOnStack
        .hidden upstareCallOnStack
        .type   upstareCallOnStack, @function
upstareCallOnStack:
        .cfi_startproc
        pushq   %rbp
        .cfi_def_cfa_offset 16
        .cfi_offset %rbp, -16
        movq    %rsp, %rbp
        .cfi_def_cfa_register %rbp
        movq    %rdi, %rsp
        movq    %rdx, %rdi
        callq   *%rsi
        movq    %rbp, %rsp
        popq    %rbp
        .cfi_def_cfa %rsp, 8
        retq
        .cfi_endproc
        .size   upstareCallOnStack, .-upstareCallOnStack

// [[noreturn]] upstare_unwind_resume(Exception, Bytes)
//
// A jump, not a call: the unwinder goes on in the landing pad's own frame, of
// which another pad may come next (the caller into which it was inlined).
        .globl  upstare_unwind_resume
        .type   upstare_unwind_resume, @function
upstare_unwind_resume:
        .cfi_startproc
        movq    upstare_cursor@GOTTPOFF(%rip), %rax
        addq    %rsi, %fs:(%rax)
        jmp     _Unwind_Resume@PLT
        .cfi_endproc
        .size   upstare_unwind_resume, .-upstare_unwind_resume

        .section .note.GNU-stack, "", @progbits
