// Control flow of GNU C in the frames of a chain: label tables, asm, cleanups,
// statement expressions, indirect recursion.
// RUN: %update_at %t %s 3

// CHECK: here
// CHECK-NEXT: asm 42 43 44 memory 5
// CHECK-NEXT: asm goto 2 out 17
// CHECK-NEXT: statement 6 15
// CHECK-NEXT: cleanup inner 3 outer 4, closed 3 4
// CHECK-NEXT: pointers 3 2 1 0
// CHECK-NEXT: differences 1 2 11 12
// CHECK-NEXT: local table 5 6 7
// CHECK-NEXT: interpreter push add call twice 24
// CHECK-NEXT: address 1 1
// CHECK-NEXT: status 0

//--- common.h
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "point.h"
#define FRAME __attribute__((noinline)) static

//--- v1/main.c
#include "../common.h"
static int closed_count;
FRAME void close_it(int *number) {
  printf("old closed %d\n", *number);
  closed_count++;
}

FRAME void assembly(void) {
  int in = two + 40, out, memory = 5;
  long clobbered = 43, more = 44;
  asm volatile("movl %1, %0" : "=r"(out) : "r"(in) : "rbx", "r12", "cc");
  asm volatile("" : "+m"(memory) : : "memory");
  puts("here");
  point();
  printf("old %d %ld %ld %d\n", out, clobbered, more, memory);
}

FRAME void asm_goto(int n) {
  int path = 0, out = 0;
  asm goto("testl %1, %1\n\tmovl $17, %0\n\tjne %l[other]"
           : "=&r"(out)
           : "r"(n)
           : "cc"
           : other);
  path = 1;
  assembly();
  printf("old %d %d\n", path, out);
  return;
other:
  path = 2;
  assembly();
  printf("old %d %d\n", path, out);
}

FRAME int statement(int n) {
  int sum = n + ({
              int inner = n * 2;
              asm_goto(n);
              inner + n;
            });
  printf("old %d\n", sum);
  return sum;
}

FRAME void with_cleanup(void) {
  __attribute__((cleanup(close_it))) int outer = 4;
  {
    __attribute__((cleanup(close_it))) int inner = 3;
    int kept = 9;
    statement(3);
    printf("old %d %d %d\n", inner, outer, kept);
  }
}

FRAME int recurse(int n);
static int (*volatile self)(int) = recurse;
FRAME int recurse(int n) {
  if (n == 0)
    with_cleanup();
  else
    self(n - 1);
  printf("old %d\n", n);
  return n;
}

FRAME long differences(const char *code) {
  static const int offsets[] = {&&one - &&one, &&ten - &&one, &&end - &&one};
  long total = 0;
  int at = 0;
  goto *(&&one + offsets[code[at++] - 'a']);
one:
  total += 1;
  goto *(&&one + offsets[code[at++] - 'a']);
ten:
  total += 10;
  goto *(&&one + offsets[code[at++] - 'a']);
end:
  return total;
}

FRAME void local_table(int n) {
  void *const labels[] = {&&first, &&second, &&third};
  int kept = n;
  goto *labels[n];
first:
  printf("old first %d\n", kept);
  return;
second:
  kept += 4;
  recurse(3);
  printf("old %ld\n", differences("abc"));
  printf("old second %d\n", kept);
  return;
third:
  printf("old third %d\n", kept);
}

enum { PUSH, ADD, CALL, HALT };
FRAME int interpret(const int *code) {
  static const void *const labels[] = {&&push, &&add, &&call, &&halt};
  int stack[8], top = 0;
  const int *at = code;
#define NEXT goto *labels[*at++]
  NEXT;
push:
  stack[top++] = *at++;
  NEXT;
add:
  top--;
  stack[top - 1] += stack[top];
  NEXT;
call:
  local_table(1);
  NEXT;
halt:
  printf("old halt\n");
  return stack[0];
}

FRAME int address(void) {
  static const int code[] = {PUSH, 5, PUSH, 7, CALL, ADD, HALT};
  void *own = __builtin_frame_address(0), *back = __builtin_return_address(0);
  int result = interpret(code);
  printf("old %d %d\n", own != NULL, back != NULL);
  return result;
}

int main(void) {
  printf("old %d\n", address());
  return 1;
}

//--- v2/main.c
#include "../common.h"
static int closed[4], closed_count;
FRAME void close_it(int *number) { closed[closed_count++] = *number; }

FRAME void assembly(void) {
  long out = 0;
  int memory = 0;
  long clobbered = 0, more = 0;
  point();
  asm volatile("" : "+m"(memory) : : "memory");
  asm volatile("addq $1, %0\n\tsubq $1, %0" : "+r"(clobbered) : : "r12", "cc");
  printf("asm %ld %ld %ld memory %d\n", out, clobbered, more, memory);
}

FRAME void asm_goto(int n) {
  int path = 0, added = 7;
  int out = added;
  asm goto("testl %1, %1\n\tmovl $18, %0\n\tjne %l[other]"
           : "=&r"(out)
           : "r"(n)
           : "cc"
           : other);
  path = 1;
  assembly();
  printf("asm goto %d out %d\n", path, out);
  return;
other:
  path = 2;
  assembly();
  printf("asm goto %d out %d\n", path, out);
}

FRAME int statement(int n) {
  int sum = n + ({
              int inner = n * 3;
              asm_goto(n);
              printf("statement %d", inner);
              inner + n + 3;
            });
  printf(" %d\n", sum);
  return sum;
}

FRAME void with_cleanup(void) {
  __attribute__((cleanup(close_it))) int outer = 14;
  {
    __attribute__((cleanup(close_it))) int inner = 13;
    statement(3);
    printf("cleanup inner %d outer %d", inner, outer);
  }
}

FRAME int recurse(int n);
static int (*volatile self)(int) = recurse;
FRAME int recurse(int n) {
  if (n == 0) {
    with_cleanup();
    printf(", closed %d %d\n", closed[0], closed[1]);
  } else {
    self(n - 1);
  }
  if (n == 0)
    printf("pointers 3 2 1");
  else if (n == 3)
    printf(" 0\n");
  return n;
}

FRAME long differences(const char *code) {
  static const int offsets[] = {&&one - &&one, &&ten - &&one, &&end - &&one};
  long total = 0;
  int at = 0;
  goto *(&&one + offsets[code[at++] - 'a']);
one:
  total += 1;
  goto *(&&one + offsets[code[at++] - 'a']);
ten:
  total += 10;
  goto *(&&one + offsets[code[at++] - 'a']);
end:
  return total;
}

FRAME void local_table(int n) {
  void *const labels[] = {&&third, &&second, &&first};
  int kept = n;
  goto *labels[n];
first:
  printf("wrong first %d\n", kept);
  return;
second:
  kept += 5;
  recurse(3);
  printf("differences %ld 2 %ld 12\n", differences("ac"), differences("abc"));
  printf("local table %d 6 7\n", kept);
  return;
third:
  printf("wrong third %d\n", kept);
}

enum { PUSH, ADD, CALL, TWICE, HALT };
FRAME int interpret(const int *code) {
  static const void *const labels[] = {&&push, &&add, &&call, &&twice, &&halt};
  int stack[16], top = 0;
  const int *at = code;
#define NEXT goto *labels[*at++]
  NEXT;
twice:
  stack[top - 1] *= 2;
  NEXT;
push:
  stack[top++] = *at++;
  NEXT;
add:
  top--;
  stack[top - 1] += stack[top];
  NEXT;
call:
  local_table(1);
  NEXT;
halt:
  printf("interpreter push add call twice %d\n", stack[0]);
  return stack[0];
}

FRAME int address(void) {
  static const int code[] = {PUSH, 5, PUSH, 7, CALL, ADD, TWICE, HALT};
  void *own = __builtin_frame_address(0), *back = __builtin_return_address(0);
  int result = interpret(code);
  printf("address %d %d\n", own != NULL, back != NULL);
  return result;
}

int main(void) { return address() == 0; }
