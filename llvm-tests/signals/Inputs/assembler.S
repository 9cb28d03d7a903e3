// Functions that call their argument, and lie about the stack in different ways.
        .text
        .macro  begin name
        .globl  \name
        .type   \name, @function
\name:
        .endm

// Nothing is said.
        begin   without_cfi
        pushq   %rbx
        callq   *%rdi
        popq    %rbx
        retq
        .size   without_cfi, .-without_cfi

// All is said.
        begin   right_cfi
        .cfi_startproc
        pushq   %rbx
        .cfi_adjust_cfa_offset 8
        callq   *%rdi
        popq    %rbx
        .cfi_adjust_cfa_offset -8
        retq
        .cfi_endproc
        .size   right_cfi, .-right_cfi

// The push is not said: what is pushed seems to be the return address. It is an
// address of code, but follows no call.
        begin   wrong_cfi
        .cfi_startproc
        leaq    wrong_cfi(%rip), %rax
        pushq   %rax
        callq   *%rdi
        popq    %rax
        retq
        .cfi_endproc
        .size   wrong_cfi, .-wrong_cfi

// The frame pointer, it is said, leads to the frame, but it leads nowhere.
        begin   wild_cfi
        .cfi_startproc
        pushq   %rbp
        .cfi_def_cfa %rbp, 16
        movl    $0x100, %ebp
        callq   *%rdi
        popq    %rbp
        retq
        .cfi_endproc
        .size   wild_cfi, .-wild_cfi

        .section .note.GNU-stack, "", @progbits
