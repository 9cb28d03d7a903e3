// A stack switch by hand, as coroutine libraries have it, with unwind information
// that knows nothing of the stack before.
        .text
// void switch_stack(void **save, void *to)
        .globl  switch_stack
        .type   switch_stack, @function
switch_stack:
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
        movq    %rsp, (%rdi)
        movq    %rsi, %rsp
        popq    %r15
        .cfi_adjust_cfa_offset -8
        popq    %r14
        .cfi_adjust_cfa_offset -8
        popq    %r13
        .cfi_adjust_cfa_offset -8
        popq    %r12
        .cfi_adjust_cfa_offset -8
        popq    %rbx
        .cfi_adjust_cfa_offset -8
        popq    %rbp
        .cfi_adjust_cfa_offset -8
        retq
        .cfi_endproc
        .size   switch_stack, .-switch_stack

// The outermost frame of a new stack.
        .globl  begin_stack
        .type   begin_stack, @function
begin_stack:
        .cfi_startproc
        .cfi_undefined %rip
        callq   *%rbx
        ud2
        .cfi_endproc
        .size   begin_stack, .-begin_stack

        .section .note.GNU-stack, "", @progbits
