// A storm of signals while the program is updated at every update point: none is
// lost, none is handled twice, each runs on a whole stack, and leaving a handler
// by siglongjmp never stops updates for good.
// RUN: mkdir -p %t
// RUN: for level in -O0 -O2; do \
// RUN:   %upstare_cc $level %s -o %t/storm && \
// RUN:   %patchgen %t/storm %t/storm -o %t/storm.patch && \
// RUN:   rm -f %t/report && \
// RUN:   env UPSTARE_REPORT=%t/report UPSTARE_APPLY_EVERY=1:%t/storm.patch \
// RUN:     %t/storm %t/report || exit 1; \
// RUN: done | FileCheck %s
// CHECK: all is well
// CHECK: all is well

#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#define NOINLINE __attribute__((noinline))

static volatile int two = 2;
static volatile sig_atomic_t alarms, jumps, faults, queued_wrong;
static volatile long queued;
static volatile sig_atomic_t may_jump;
static sigjmp_buf back;
static char *volatile page;
static const char *report;

static void fail(const char *what) {
  printf("failed: %s\n", what);
  exit(1);
}

// Update points inside handlers, with values of their own.
NOINLINE static long work(long n) {
  long sum = 0;
  for (int i = 0; i < two + 2; i++)
    sum += n + i;
  return sum;
}

static void on_alarm(int signal) {
  alarms++;
  if (work(alarms) != 4 * (long)alarms + 6)
    fail("a value in a handler");
  if (may_jump) {
    may_jump = 0;
    jumps++;
    siglongjmp(back, 1);
  }
}

// Each number once, and in order.
static void on_queued(int signal, siginfo_t *info, void *context) {
  if (info->si_value.sival_int != queued)
    queued_wrong++;
  queued++;
}

static void on_fault(int signal, siginfo_t *info, void *context) {
  faults++;
  if (info->si_code > 0)
    mprotect(page, 4096, PROT_READ | PROT_WRITE);
}

static off_t updates(void) {
  struct stat info;
  return stat(report, &info) ? 0 : info.st_size;
}

NOINLINE static long deep(int n, long salt) {
  long mine[4] = {salt, n, salt ^ n, salt + n};
  long below = n ? deep(n - 1, salt + 1) : work(salt);
  if (mine[0] != salt || mine[1] != n || mine[2] != (salt ^ n) ||
      mine[3] != salt + n)
    fail("a value below a handler");
  return below + mine[2];
}

static long expected(int n, long salt) {
  return n ? expected(n - 1, salt + 1) + (salt ^ n)
           : 4 * salt + 6 + (salt ^ 0);
}

NOINLINE static void round_of(int i) {
  if (deep(6, i) != expected(6, i))
    fail("a sum");
  mprotect(page, 4096, PROT_NONE);
  page[i % 4096]++;
  if (!sigsetjmp(back, 1)) {
    may_jump = 1;
    while (may_jump)
      work(i);
  }
}

int main(int argc, char **argv) {
  enum { Sent = 150 };
  static char other_stack[1 << 16];
  stack_t stack = {.ss_sp = other_stack, .ss_size = sizeof other_stack};
  struct sigaction action;
  memset(&action, 0, sizeof action);
  report = argv[1];
  page = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
              0);
  sigaltstack(&stack, 0);
  action.sa_flags = SA_RESTART;
  action.sa_handler = on_alarm;
  sigaction(SIGALRM, &action, 0);
  action.sa_flags = SA_RESTART | SA_SIGINFO;
  action.sa_sigaction = on_queued;
  sigaction(SIGRTMIN, &action, 0);
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  action.sa_sigaction = on_fault;
  sigaction(SIGSEGV, &action, 0);
  sigset_t before, after;
  sigprocmask(SIG_SETMASK, 0, &before);

  pid_t parent = getpid(), child = fork();
  if (!child) {
    for (int i = 0; i < Sent; i++) {
      union sigval value = {.sival_int = i};
      while (sigqueue(parent, SIGRTMIN, value))
        usleep(100);
      kill(parent, SIGSEGV);
      usleep(50);
    }
    _exit(0);
  }
  struct itimerval storm = {{0, 200}, {0, 200}}, calm = {{0, 0}, {0, 0}};
  setitimer(ITIMER_REAL, &storm, 0);
  for (int i = 0; i < 20 || queued < Sent; i++)
    round_of(i);
  setitimer(ITIMER_REAL, &calm, 0);
  if (waitpid(child, 0, 0) != child)
    fail("waitpid");
  if (queued != Sent || queued_wrong)
    fail("queued signals");
  if (!jumps || alarms < jumps || faults < 20)
    fail("alarms or faults");
  sigprocmask(SIG_SETMASK, 0, &after);
  if (memcmp(&before, &after, 8))
    fail("the mask");
  off_t so_far = updates();
  work(1);
  if (!so_far || updates() == so_far)
    fail("updates have stopped");
  puts("all is well");
  return 0;
}
