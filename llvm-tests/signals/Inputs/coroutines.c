// A library that is not instrumented: a coroutine, by makecontext or by hand.
#include <stddef.h>
#include <ucontext.h>

void switch_stack(void **save, void *to);
void begin_stack(void);

static char stack[1 << 16] __attribute__((aligned(16)));
static void (*body)(void);
static ucontext_t caller, callee;
static void *caller_sp, *callee_sp;
static int by_hand;

void coroutine_yield(void) {
  if (by_hand)
    switch_stack(&callee_sp, caller_sp);
  else
    swapcontext(&callee, &caller);
}

static void run(void) {
  for (;;) {
    body();
    coroutine_yield();
  }
}

void coroutine_make(void (*function)(void), int hand) {
  body = function;
  by_hand = hand;
  if (hand) {
    void **top = (void **)(stack + sizeof stack);
    *--top = 0;
    *--top = 0; // aligned
    *--top = (void *)begin_stack;
    *--top = 0;           // rbp
    *--top = (void *)run; // rbx
    callee_sp = top - 4;
    return;
  }
  getcontext(&callee);
  callee.uc_stack.ss_sp = stack;
  callee.uc_stack.ss_size = sizeof stack;
  makecontext(&callee, run, 0);
}

void coroutine_resume(void) {
  if (by_hand)
    switch_stack(&caller_sp, callee_sp);
  else
    swapcontext(&caller, &callee);
}
