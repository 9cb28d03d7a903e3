// REQUIRES: gcc
// Objects of gcc and of an assembler in the program: called from instrumented code,
// and calling it; their tables of its functions, pointers to theirs; a symbol that
// the linker defines as another name of a function.
// RUN: rm -rf %t && split-file %s %t && cd %t
// RUN: gcc -O2 -c gcc.c -o gcc.o && %clang -c assembler.s -o assembler.o
// RUN: for flags in -O0 -O2 '-O2 -fno-pic -no-pie' '-O2 -flto'; do \
// RUN:   for v in 1 2; do %upstare_cc $flags -DV=$v -I%S/Inputs main.c gcc.o assembler.o -Wl,--defsym=other_name=answer -o v$v || exit 1; done; \
// RUN:   %patchgen v1 v2 -o patch.so 2> warnings && FileCheck %s --check-prefix=WARNING < warnings && \
// RUN:   UPSTARE_APPLY_AT=1:%t/patch.so ./v1 | FileCheck %s || exit 1; done

// WARNING: v1: not compiled with upstare-cc: asm_add(), asm_call(), asm_jump(), gcc_call(), gcc_function() and 1 more; an update waits while one is active
// CHECK: gcc 6 202 8 assembler 3 203 204 table 1 205 other name 52

//--- gcc.c
int gcc_count = 5;
int instrumented(int);
int gcc_call(int (*f)(int)) { gcc_count++; return f(1) - instrumented(1) + instrumented(2); }
static int twice(int x) { return x * 2; }
int (*gcc_function(void))(int) { return twice; }
//--- assembler.s
	.text
	.globl asm_add, asm_jump, asm_call
	.type asm_add,@function
	.type asm_jump,@function
	.type asm_call,@function
asm_add:
	leal (%rdi,%rsi), %eax
	ret
	.size asm_add, .-asm_add
asm_jump:
	jmp instrumented
	.size asm_jump, .-asm_jump
asm_call:
	.cfi_startproc
	subq $8, %rsp
	.cfi_adjust_cfa_offset 8
	call instrumented
	addq $8, %rsp
	.cfi_adjust_cfa_offset -8
	ret
	.cfi_endproc
	.size asm_call, .-asm_call
	.data
	.globl asm_table
	.type asm_table,@object
	.size asm_table, 8
asm_table:
	.quad instrumented
	.section .note.GNU-stack,"",@progbits
//--- main.c
#include "point.h"
#include <stdio.h>
extern int gcc_count;
int gcc_call(int (*)(int)), (*gcc_function(void))(int);
int asm_add(int, int), asm_jump(int), asm_call(int), other_name(void);
extern int (*asm_table)(int);
int instrumented(int x) { return x + 100 * V; }
int answer(void) { return 50 + V; }
int main(void) {
  int (*kept)(int) = instrumented, (*theirs)(int) = gcc_function();
  point();
  int called = gcc_call(kept), named = other_name();
  printf("gcc %d %d %d assembler %d %d %d table %d %d other name %d\n", gcc_count, called, theirs(4),
         asm_add(1, 2), asm_jump(3), asm_call(4), asm_table == kept, asm_table(5), named);
  return 0;
}
