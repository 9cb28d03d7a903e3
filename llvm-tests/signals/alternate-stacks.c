// The stack for signal handlers lies in an array of main's, which is larger in the
// new version, or of a function between, or which the new version does not have at
// all: the kernel goes on to use the old memory, and nothing else does.
// RUN: mkdir -p %t && cd %t
// RUN: for how in KEEP GROW DROP; do for level in -O0 -O2 -O3; do \
// RUN:   for v in 1 2; do %upstare_cc $level -DV=$v -DHOW=$how -I%S/../update/Inputs \
// RUN:     %s -o v$v || exit 1; done; \
// RUN:   %patchgen v1 v2 -o 12.patch && %patchgen v2 v2 -o 22.patch && \
// RUN:   env UPSTARE_APPLY_AT=1:12.patch,2:22.patch,9:22.patch ./v1 2>&1 \
// RUN:   | FileCheck %s || exit 1; \
// RUN: done; done
// CHECK: v1: on the stack 1
// CHECK-NEXT: v2: on the stack 1
// CHECK-NEXT: v2: on the stack 1
// CHECK-NEXT: v2: on the stack 1
// CHECK-NEXT: sum 3260

#include "point.h"
#include <signal.h>
#include <stdio.h>
#include <string.h>
#define KEEP 1
#define GROW 2
#define DROP 3

// Writes to all of the handler's stack that is free.
static void on_signal(int n) {
  volatile char here[20000];
  stack_t stack;
  memset((void *)here, n, sizeof here);
  sigaltstack(0, &stack);
  char *begin = stack.ss_sp;
  printf("v%d: on the stack %d\n", V,
         (char *)here > begin && (char *)here < begin + stack.ss_size);
}

// More than the handler's stack, or the kernel takes what lies there for it.
__attribute__((noinline)) static int deep(int n, int signal) {
  volatile int mine[1000] = {n, n, n, n, n, n, n, n};
  if (n == 0 && signal)
    raise(SIGUSR1);
  int below = n ? deep(n - 1, signal) : 0;
  for (int i = 0; i < 8; i++)
    below += mine[i];
  return below;
}

static void use(char *memory, unsigned long bytes) {
  stack_t stack = {.ss_sp = memory, .ss_size = bytes};
  sigaltstack(&stack, 0);
}

__attribute__((noinline)) static int body(int kept) {
  raise(SIGUSR1);
  point();
  point(); // the first version's frames are let go
  int sum = deep(5, 0);
  sum += deep(20, 1);
  raise(SIGUSR1);
  sum += deep(18, 1);
  return sum + kept;
}

static void install(void) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_flags = SA_ONSTACK;
  action.sa_handler = on_signal;
  sigaction(SIGUSR1, &action, 0);
}

// In the frame of which something stays for good only if `memory` does.
int main(void) {
  install();
#if V == 1 || HOW == KEEP
  char memory[40000];
  use(memory, sizeof memory);
#elif HOW == GROW
  char memory[60000];
  use(memory, sizeof memory);
#else
  static char memory[40000];
  use(memory, sizeof memory);
#endif
  int sum = body(two * 10 + 72);
  printf("sum %d\n", sum);
  return 0;
}
