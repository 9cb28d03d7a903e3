// Handlers that leave by siglongjmp: to a place that was armed before the update,
// when the update was asked for in the handler, and with frames in between. A
// handler that repairs a fault does so in the new version too.
// RUN: %update_at %t %s 3

// CHECK: v1: round 0
// CHECK-NEXT: v1: jump
// CHECK-NEXT: v1: landed 1 with 0
// CHECK-NEXT: v2: round 1
// CHECK-NEXT: v2: jump
// CHECK-NEXT: v2: landed 1 with 100
// CHECK-NEXT: v2: repaired 1 of 2
// CHECK-NEXT: v2: repaired 2 of 2
// CHECK-NEXT: v2: round 2
// CHECK-NEXT: v2: jump
// CHECK-NEXT: v2: landed 1 with 200
// CHECK-NEXT: v2: repaired 1 of 3
// CHECK-NEXT: v2: repaired 2 of 3
// CHECK-NEXT: v2: blocked 0 0
// CHECK-NEXT: status 0

//--- jumps.h
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static sigjmp_buf out;
static int rounds;
static volatile int two = 2;
__attribute__((noinline)) static void point(void) {
  int i = 0;
  do
    i++;
  while (i < two);
}
static void jump(int n) {
  printf(VERSION ": jump\n");
  point();
  siglongjmp(out, 1);
}
static char *page;
static int repaired;
static void repair(int n, siginfo_t *info, void *context) {
  if (info->si_addr != page)
    _exit(9);
  mprotect(page, 4096, PROT_READ | PROT_WRITE);
  printf(VERSION ": repaired %d of %d\n", ++repaired, rounds + 1);
}
__attribute__((noinline)) static int below(int n) {
  point();
  if (n)
    return below(n - 1) + 1;
  raise(SIGUSR1);
  return 0;
}
__attribute__((noinline)) static void fault(void) {
  repaired = 0;
  for (int i = 0; i < 2; i++) {
    mprotect(page, 4096, PROT_NONE);
    ++*(volatile char *)page;
    point();
  }
}
static void install(int n, void *handler, int flags) {
  struct sigaction action = {.sa_flags = flags};
  action.sa_handler = handler;
  sigaction(n, &action, 0);
}

//--- v1/main.c
#define VERSION "v1"
#include "../jumps.h"

int main(void) {
  static char stack[1 << 16];
  stack_t alternate = {.ss_sp = stack, .ss_size = sizeof stack};
  sigaltstack(&alternate, 0);
  page = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
              0);
  install(SIGUSR1, jump, 0);
  install(SIGSEGV, repair, SA_SIGINFO | SA_ONSTACK);
  volatile int sum = 0;
  for (rounds = 0; rounds < 2; rounds++) {
    printf(VERSION ": round %d\n", rounds);
    int jumped = sigsetjmp(out, 1);
    if (!jumped)
      below(0);
    printf(VERSION ": landed %d with %d\n", jumped, sum);
    sum += 100;
  }
  return 1;
}

//--- v2/main.c
#define VERSION "v2"
#include "../jumps.h"

int main(void) {
  static char stack[1 << 16];
  stack_t alternate = {.ss_sp = stack, .ss_size = sizeof stack};
  sigaltstack(&alternate, 0);
  page = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
              0);
  install(SIGUSR1, jump, 0);
  install(SIGSEGV, repair, SA_SIGINFO | SA_ONSTACK);
  volatile int sum = 0;
  for (rounds = 0; rounds < 3; rounds++) {
    printf(VERSION ": round %d\n", rounds);
    int jumped = sigsetjmp(out, 1);
    if (!jumped)
      below(rounds * 3);
    printf(VERSION ": landed %d with %d\n", jumped, sum);
    sum += 100;
    fault();
  }
  sigset_t mask;
  sigprocmask(SIG_BLOCK, 0, &mask);
  printf(VERSION ": blocked %d %d\n", sigismember(&mask, SIGUSR1),
         sigismember(&mask, SIGSEGV));
  return 0;
}
