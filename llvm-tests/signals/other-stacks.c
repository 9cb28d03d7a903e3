// Frames on stacks that a library makes, which is not instrumented: makecontext is
// seen wherever it is called, and a stack that was switched to by hand when it comes
// to a blocking call, or to an update point while an update is wanted. From then on
// updates are refused, in main too, for what is on the other stack would go on in old
// code. Handlers on their own stack are not taken for such.
// RUN: mkdir -p %t && cd %t
// RUN: %clang -shared -fPIC -O1 %S/Inputs/coroutines.c %S/Inputs/switch.S -o libcoroutines.so
// RUN: for level in -O0 -O2; do \
// RUN:   %upstare_cc $level %s ./libcoroutines.so -Wl,-rpath,%t -o program && \
// RUN:   %patchgen program program -o patch || exit 1; \
// RUN:   for at in context1 context2 hand1 hand2 blocking3 handler1 handler3; do \
// RUN:     env UPSTARE_APPLY_AT=${at#${at%%?}}:patch ./program ${at%%?} > log 2>&1; \
// RUN:     cat log >&2; FileCheck %s --check-prefix=ALL < log && \
// RUN:     FileCheck %s --check-prefix=$at < log || exit 1; \
// RUN:   done; \
// RUN: done
// ALL: sum 21
// context1: coroutine_make in libcoroutines.so has made a stack of its own (makecontext), whose frames cannot be updated
// context2: coroutine_make in libcoroutines.so has made a stack of its own (makecontext), whose frames cannot be updated
// hand1: begin_stack in libcoroutines.so has run on a stack of its own, and frames that may still be on it cannot be updated
//
// blocking3: begin_stack in libcoroutines.so has run on a stack of its own
// handler1-NOT: update not done
// handler3-NOT: update not done
//
// Nothing tells of a stack that does neither: here it goes on in old code, which is
// as good as the new in an update from a version to itself.
// hand2-NOT: update not done

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#ifndef SS_AUTODISARM
#define SS_AUTODISARM (1U << 31)
#endif

void coroutine_make(void (*function)(void), int hand);
void coroutine_resume(void);
void coroutine_yield(void);

static volatile int two = 2;
__attribute__((noinline)) static void point(void) {
  int i = 0;
  do
    i++;
  while (i < two);
}

static int sum, blocking;
static void body(void) {
  int kept = two;
  if (blocking)
    usleep(1);
  point();
  sum += kept;
  coroutine_yield();
  sum += 10 * kept - 1;
}

static void on_signal(int n) {
  usleep(1);
  sum = 21;
}

// On a stack of its own, twice: the second disarms it for the time of the handler.
static int handler(void) {
  static char memory[1 << 16];
  stack_t stack = {.ss_sp = memory, .ss_size = sizeof memory};
  struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_ONSTACK};
  sigaction(SIGUSR1, &action, 0);
  for (int i = 0; i < two; i++) {
    stack.ss_flags = i ? (int)SS_AUTODISARM : 0;
    if (sigaltstack(&stack, 0))
      return 1;
    raise(SIGUSR1);
    point();
  }
  printf("sum %d\n", sum);
  return 0;
}

int main(int argc, char **argv) {
  if (!strcmp(argv[1], "handler"))
    return handler();
  blocking = !strcmp(argv[1], "blocking");
  coroutine_make(body, blocking || !strcmp(argv[1], "hand"));
  coroutine_resume();
  for (int i = 0; i < two; i++)
    point();
  coroutine_resume();
  printf("sum %d\n", sum);
  return 0;
}
