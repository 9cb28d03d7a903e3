//===- syscall_window_x86_64.S - a system call that can be left -------------===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The only place from which the runtime's blocking calls enter the kernel. An
// update signal that comes between the test and the return from the kernel must
// neither be lost nor cost the program a result, so its handler (signals.cpp)
// compares the interrupted pc with these labels:
//   [begin, end)  the kernel has not been entered, or would restart the call
//                 (then the pc is back at `syscall`): go on at `cancel`;
//   end           the kernel has returned: with -EINTR go on at `cancel`, with
//                 anything else at `stopped`.
// A handler of the program's own that came first hides these pcs: its EINTR
// stays the program's.
//
// struct WindowResult upstare_syscall_window(const int *SignalSeen, long Number,
//     long A0, long A1, long A2, long A3, long A4, long A5);
// returns Value in rax and How in rdx (syscall_window.h).
//
//===----------------------------------------------------------------------===//

#define EINTR_RESULT -4

  .text
  .globl upstare_syscall_window
  .hidden upstare_syscall_window
  .type upstare_syscall_window, @function
  .p2align 4
upstare_syscall_window:
  .cfi_startproc
  endbr64
  movq %rdi, %r11
  movq %rsi, %rax
  movq %rdx, %rdi
  movq %rcx, %rsi
  movq %r8, %rdx
  movq %r9, %r10
  movq 8(%rsp), %r8
  movq 16(%rsp), %r9
  .globl upstare_window_begin
  .hidden upstare_window_begin
upstare_window_begin:
  cmpl $0, (%r11)
  jne .Lseen
  syscall
  .globl upstare_window_end
  .hidden upstare_window_end
upstare_window_end:
  xorl %edx, %edx
  ret
.Lseen:
  movq $EINTR_RESULT, %rax
  movl $1, %edx
  ret
  .globl upstare_window_cancel
  .hidden upstare_window_cancel
upstare_window_cancel:
  movq $EINTR_RESULT, %rax
  .globl upstare_window_stopped
  .hidden upstare_window_stopped
upstare_window_stopped:
  movl $2, %edx
  ret
  .cfi_endproc
  .size upstare_syscall_window, . - upstare_syscall_window

  .section .note.GNU-stack, "", @progbits
