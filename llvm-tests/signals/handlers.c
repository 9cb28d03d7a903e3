// The update comes to the program's first update points inside a handler: it
// waits, is applied right behind, and handlers run the new version without being
// installed again. A sigjmp_buf for the handler, the alternate stack, masks and
// SA_RESETHAND stay what they were.
// RUN: %update_at %t %s 3
// CHECK: v1 waits in a handler: 10
// CHECK-NEXT: v2 usr1 1 on 0
// CHECK-NEXT: v2 usr2 on 1
// CHECK-NEXT: v2 once
// CHECK-NEXT: reset 1
// CHECK-NEXT: nested 21
// CHECK-NEXT: blocked 1 handled 1
// CHECK-NEXT: status 0

//--- v1/main.c
#define VERSION 1
#include "../body.h"
//--- v2/main.c
#define VERSION 2
#include "../body.h"
//--- body.h
#include <signal.h>
#include <stdio.h>
#include <string.h>

static volatile int two = 2;
static volatile int usr1, nested, handled;
static char other[1 << 16];

__attribute__((noinline)) static int points(int n) {
  int sum = 0;
  for (int i = 0; i < two + two; i++)
    sum += n + i;
  return sum;
}

static int is_on_other(void) {
  char here;
  return &here >= other && &here < other + sizeof other;
}

static void on_first(int signal) {
  printf("v%d waits in a handler: %d\n", VERSION, points(1));
}
static void on_usr1(int signal) {
  printf("v%d usr1 %d on %d\n", VERSION, ++usr1, is_on_other());
}
static void on_usr2(int signal, siginfo_t *info, void *context) {
  printf("v%d usr2 on %d\n", VERSION, is_on_other());
}
static void on_once(int signal) { printf("v%d once\n", VERSION); }
static void on_nested(int signal) {
  if (nested++ == 0)
    raise(signal);
  nested += 10 * (VERSION == 2 ? 1 : 100) - (nested > 10);
}
static void on_blocked(int signal) { handled = VERSION - 1; }

static void install(int signal, void (*handler)(int), int flags) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = handler;
  action.sa_flags = flags;
  sigaction(signal, &action, 0);
}

int main(void) {
  stack_t stack = {.ss_sp = other, .ss_size = sizeof other};
  struct sigaction action;
  sigset_t set, now;
  sigaltstack(&stack, 0);
  signal(SIGHUP, on_first);
  signal(SIGUSR1, on_usr1);
  memset(&action, 0, sizeof action);
  action.sa_sigaction = on_usr2;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  sigaction(SIGUSR2, &action, 0);
  install(SIGTERM, on_once, SA_RESETHAND);
  install(SIGINT, on_nested, SA_NODEFER);
  install(SIGQUIT, on_blocked, 0);
  sigemptyset(&set);
  sigaddset(&set, SIGQUIT);
  sigprocmask(SIG_BLOCK, &set, 0);
  raise(SIGHUP);
  points(2); // here
  raise(SIGUSR1);
  raise(SIGUSR2);
  raise(SIGTERM);
  sigaction(SIGTERM, 0, &action);
  printf("reset %d\n", action.sa_handler == SIG_DFL);
  raise(SIGINT);
  printf("nested %d\n", nested);
  raise(SIGQUIT);
  sigprocmask(SIG_SETMASK, 0, &now);
  int blocked = sigismember(&now, SIGQUIT) && !handled;
  sigprocmask(SIG_UNBLOCK, &set, 0);
  printf("blocked %d handled %d\n", blocked, handled);
  return 0;
}
