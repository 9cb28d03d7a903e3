// An update is asked for while a signal handler runs. It is done at the first
// update point behind the handler, and all handlers are the new version's then,
// though nobody installs them again.
// RUN: %update_at %t %s 3

// CHECK: v1: signal 10
// CHECK-NEXT: v1: in the handler 0
// CHECK-NEXT: v1: in the handler 1
// CHECK-NEXT: v1: in the handler 2
// CHECK-NEXT: v1: behind the handler
// CHECK-NEXT: v2: signal 10
// CHECK-NEXT: v2: sigaction 12
// CHECK-NEXT: v2: siginfo 34 value 77
// CHECK-NEXT: v2: nested 35 in v2: siginfo 34 value 78
// CHECK-NEXT: v2: other stack 36 yes
// CHECK-NEXT: v2: once 37
// CHECK-NEXT: gone 1, same 1 1 1 1, mask 1 0
// CHECK-NEXT: status 0

//--- handlers.h
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static volatile int three = 3;
__attribute__((noinline)) static void point(void) {
  int i = 0;
  do
    i++;
  while (i < three - 1);
}

static int plain_calls;
static void plain(int n) {
  printf(VERSION ": signal %d\n", n);
  if (plain_calls++)
    return;
  // The request comes here, and has to wait for the end of the handler.
  for (int i = 0; i < three; i++) {
    printf(VERSION ": in the handler %d\n", i);
    point();
  }
}
static void by_sigaction(int n) { printf(VERSION ": sigaction %d\n", n); }
static int nest;
static void with_info(int n, siginfo_t *info, void *context) {
  if (nest) {
    nest = 0;
    raise(SIGRTMIN + 1);
  }
  printf(VERSION ": siginfo %d value %d\n", n, info->si_value.sival_int);
}
static void nested(int n) {
  point();
  printf(VERSION ": nested %d in ", n);
}
static char stack[1 << 16];
static void other_stack(int n) {
  char here;
  point();
  printf(VERSION ": other stack %d %s\n", n,
         &here > stack && &here < stack + sizeof stack ? "yes" : "no");
}
static void once(int n) { printf(VERSION ": once %d\n", n); }

static void queue(int value) {
  sigqueue(getpid(), SIGRTMIN, (union sigval){.sival_int = value});
}
static void install(int n, void *handler, int flags) {
  struct sigaction action = {.sa_flags = flags};
  action.sa_handler = handler;
  sigaddset(&action.sa_mask, SIGHUP);
  sigaction(n, &action, 0);
}
static int installed(int n, void *handler) {
  struct sigaction action;
  sigaction(n, 0, &action);
  return (void *)action.sa_handler == handler;
}

//--- v1/main.c
#define VERSION "v1"
#include <unistd.h>
#include "../handlers.h"

int main(void) {
  signal(SIGUSR1, plain);
  install(SIGUSR2, by_sigaction, 0);
  install(SIGRTMIN, with_info, SA_SIGINFO);
  install(SIGRTMIN + 1, nested, SA_NODEFER | SA_RESTART);
  stack_t alternate = {.ss_sp = stack, .ss_size = sizeof stack};
  sigaltstack(&alternate, 0);
  install(SIGRTMIN + 2, other_stack, SA_ONSTACK);
  install(SIGRTMIN + 3, once, SA_RESETHAND);
  sigset_t blocked;
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGTERM);
  sigprocmask(SIG_BLOCK, &blocked, 0);
  raise(SIGUSR1);
  printf(VERSION ": behind the handler\n");
  point();
  printf("not updated\n");
  raise(SIGUSR1);
  raise(SIGUSR2);
  queue(1);
  nest = 1;
  queue(2);
  raise(SIGRTMIN + 2);
  raise(SIGRTMIN + 3);
  return installed(SIGRTMIN + 3, once);
}

//--- v2/main.c
#define VERSION "v2"
#include <unistd.h>
#include "../handlers.h"

int main(void) {
  signal(SIGUSR1, plain);
  install(SIGUSR2, by_sigaction, 0);
  install(SIGRTMIN, with_info, SA_SIGINFO);
  install(SIGRTMIN + 1, nested, SA_NODEFER | SA_RESTART);
  stack_t alternate = {.ss_sp = stack, .ss_size = sizeof stack};
  sigaltstack(&alternate, 0);
  install(SIGRTMIN + 2, other_stack, SA_ONSTACK);
  install(SIGRTMIN + 3, once, SA_RESETHAND);
  sigset_t blocked;
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGTERM);
  sigprocmask(SIG_BLOCK, &blocked, 0);
  raise(SIGUSR1);
  printf(VERSION ": behind the handler\n");
  point();
  raise(SIGUSR1);
  raise(SIGUSR2);
  queue(77);
  nest = 1;
  queue(78);
  raise(SIGRTMIN + 2);
  raise(SIGRTMIN + 3);
  sigprocmask(SIG_BLOCK, 0, &blocked);
  printf("gone %d, same %d %d %d %d, mask %d %d\n",
         installed(SIGRTMIN + 3, SIG_DFL), installed(SIGUSR1, plain),
         installed(SIGUSR2, by_sigaction), installed(SIGRTMIN, with_info),
         installed(SIGRTMIN + 2, other_stack), sigismember(&blocked, SIGTERM),
         sigismember(&blocked, SIGUSR1));
  return 0;
}
