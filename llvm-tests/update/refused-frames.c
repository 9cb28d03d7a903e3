// Frames that cannot be rebuilt: the compiler names the function and why, an
// update that comes while one is active is refused, naming it, and one that comes
// later is done. After makecontext there is no later.
// RUN: rm -rf %t && split-file %s %t
// RUN: for f in builtin vfork context preserving microsoft; do for level in -O0 -O2; do \
// RUN:   %upstare_cc -std=gnu11 $level %t/$f.c -o %t/$f 2> %t/$f.warnings && \
// RUN:   FileCheck %t/$f.c --check-prefix=WARNING < %t/$f.warnings && \
// RUN:   %patchgen %t/$f %t/$f -o %t/$f.so && %t/$f > %t/$f.expected && \
// RUN:   env UPSTARE_APPLY_EVERY=1:%t/$f.so %t/$f > %t/$f.output 2> %t/$f.errors && \
// RUN:   diff %t/$f.expected %t/$f.output && \
// RUN:   FileCheck %t/$f.c --check-prefix=REFUSED < %t/$f.errors || exit 1; \
// RUN: done; done
// RUN: for f in builtin vfork; do \
// RUN:   %upstare_cc -std=gnu11 -O2 -DLATER %t/$f.c -o %t/$f && \
// RUN:   %patchgen %t/$f %t/$f -o %t/$f.so && \
// RUN:   env UPSTARE_APPLY_AT=1:%t/$f.so UPSTARE_REPORT=%t/$f.report %t/$f && \
// RUN:   grep '"ok":true.*"attempts":[23],' %t/$f.report || exit 1; done
// RUN: for f in ifunc clones; do %upstare_cc %t/$f.c -o %t/$f && \
// RUN:   not %patchgen %t/$f %t/$f -o %t/$f.so > %t/$f.errors 2>&1 && \
// RUN:   FileCheck %t/$f.c < %t/$f.errors || exit 1; done

//--- common.h
#include <stdio.h>
#include <stdlib.h>
static volatile int two = 2;
__attribute__((noinline)) static void point(void) {
  int i = 0;
  do
    i++;
  while (i < two);
}

//--- builtin.c
#include "common.h"
static void *buffer[5];
__attribute__((noinline)) static void jump(void) {
  point();
  __builtin_longjmp(buffer, 1);
}
// WARNING: builtin.c:[[#@LINE+2]]: in function 'catch': not instrumented, since it calls __builtin_setjmp (setjmp can be updated)
// REFUSED: catch is active, which could not be instrumented
__attribute__((noinline)) static int catch(void) {
  volatile int x = 3;
  if (__builtin_setjmp(buffer))
    return x;
  jump();
  return 0;
}
int main(void) {
  printf("%d\n", catch());
#ifdef LATER
  point();
#endif
  return 0;
}

//--- vfork.c
#include "common.h"
#include <sys/wait.h>
#include <unistd.h>
// WARNING: vfork.c:[[#@LINE+2]]: in function 'spawn': not instrumented, since it calls a function that returns twice and is not setjmp
// REFUSED: spawn is active, which could not be instrumented
__attribute__((noinline)) static int spawn(int n) {
  pid_t child = vfork();
  if (child == 0)
    _exit(n);
  int status = 0;
  waitpid(child, &status, 0);
  point();
  return WEXITSTATUS(status);
}
int main(void) {
  printf("%d\n", spawn(7));
#ifdef LATER
  point();
#endif
  return 0;
}

//--- context.c
#include "common.h"
#include <ucontext.h>
static ucontext_t here, there;
static char stack[65536];
static int rounds;
static void coroutine(int step) {
  for (;;) {
    rounds += step;
    point();
    swapcontext(&there, &here);
  }
}
// WARNING: context.c:[[#@LINE+2]]: in function 'start': not instrumented, since it calls a function that returns twice
// REFUSED: start has made a stack of its own (makecontext), whose frames cannot be updated
__attribute__((noinline)) static void start(void) {
  getcontext(&there);
  there.uc_stack.ss_sp = stack;
  there.uc_stack.ss_size = sizeof stack;
  there.uc_link = &here;
  makecontext(&there, (void (*)(void))coroutine, 1, 10);
}
int main(void) {
  start();
  for (int i = 0; i < 3; i++) {
    swapcontext(&here, &there);
    point();
    printf("%d\n", rounds);
  }
  return 0;
}

//--- preserving.c
#include "common.h"
// WARNING: preserving.c:[[#@LINE+2]]: in function 'middle': not instrumented, since its calling convention is not that of C
// REFUSED: middle is active, which could not be instrumented
__attribute__((preserve_most, noinline)) static long middle(long a) {
  point();
  return a * two;
}
int main(void) {
  long first = middle(4), second = middle(5);
  printf("%ld %ld\n", first, second);
  return 0;
}

//--- microsoft.c
#include "common.h"
// WARNING: microsoft.c:[[#@LINE+2]]: in function 'middle': not instrumented, since its calling convention is not that of C
// REFUSED: middle is active, which could not be instrumented
__attribute__((ms_abi, noinline)) static long middle(long a) {
  point();
  return a * two;
}
int main(void) {
  long first = middle(4), second = middle(5);
  printf("%ld %ld\n", first, second);
  return 0;
}

//--- ifunc.c
#include "common.h"
static int first(int x) { return x + 1; }
static int (*resolve(void))(int) { return first; }
// CHECK: 'chosen' ({{.*}}ifunc.c) is an ifunc
int chosen(int x) __attribute__((ifunc("resolve")));
int main(void) { return chosen(two); }

//--- clones.c
#include "common.h"
// CHECK: 'cloned{{.*}}' ({{.*}}clones.c) is an ifunc
__attribute__((target_clones("avx2", "default"))) int cloned(int x) {
  return x + 1;
}
int main(void) { return cloned(two); }
