// A program that blocks all signals, and handles all real-time signals, is updated
// all the same: the update signal is left out of its masks, and refused to it as
// SIGKILL is. What was pending before comes after, to the new version's handlers.
// With UPSTARE_SIGNAL it gets the one that it could not have.
// RUN: mkdir -p %t && cd %t
// RUN: for level in -O0 -O2; do \
// RUN:   for v in 1 2; do %upstare_cc $level -DV=$v %s -o v$v || exit 1; done; \
// RUN:   %patchgen v1 v2 -o patch && ./v1 %ctl patch 63 | FileCheck %s && \
// RUN:   env UPSTARE_SIGNAL=40 ./v1 %ctl patch 40 | FileCheck %s || exit 1; \
// RUN: done
// CHECK: v1: 30 of 31 real-time signals handled, refused the update signal with EINVAL
// CHECK-NEXT: v2: the tool says 0
// CHECK-NEXT: v2: pending 30
// CHECK-NEXT: v2: handled 30, all in version 2
// CHECK-NEXT: v2: handlers are the program's 30, of the update signal SIG_DFL
// CHECK-NEXT: v2: blocked 59, the update signal 0

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static int handled, in_this_version, ours, tool_status = -1;
static void on_signal(int n, siginfo_t *info, void *context) {
  handled++;
  in_this_version += V == 2 && info->si_value.sival_int == n;
}

static int install_all(void) {
  struct sigaction action = {.sa_flags = SA_SIGINFO};
  action.sa_sigaction = on_signal;
  sigfillset(&action.sa_mask);
  int good = 0;
  for (int n = SIGRTMIN; n <= SIGRTMAX; n++)
    if (sigaction(n, &action, 0) == 0)
      good++;
    else if (errno == EINVAL && n == ours && signal(n, SIG_IGN) == SIG_ERR)
      ours = -ours;
  return good;
}

static int count(const sigset_t *set) {
  int n = 0;
  for (int i = 1; i <= SIGRTMAX; i++)
    n += sigismember(set, i) == 1;
  return n;
}

static pid_t start_tool(char **argv) {
  char pid[20];
  sprintf(pid, "%d", getpid());
  pid_t child = fork();
  if (child)
    return child;
  freopen("/dev/null", "w", stdout);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, 0);
  execl(argv[1], argv[1], "apply", pid, argv[2], (char *)0);
  _exit(127);
}

__attribute__((noinline)) static void report(pid_t tool) {
  sigset_t set, all;
  struct sigaction action;
  if (tool_status < 0)
    waitpid(tool, &tool_status, 0);
  printf("v%d: the tool says %d\n", V, WEXITSTATUS(tool_status));
  sigpending(&set);
  sigdelset(&set, SIGCHLD);
  printf("v%d: pending %d\n", V, count(&set));
  sigfillset(&all);
  sigprocmask(SIG_UNBLOCK, &all, 0);
  printf("v%d: handled %d, all in version %d\n", V, handled,
         in_this_version == handled ? V : 0);
  int good = 0;
  for (int n = SIGRTMIN; n <= SIGRTMAX; n++)
    good += n != ours && sigaction(n, 0, &action) == 0 &&
            action.sa_sigaction == on_signal;
  sigaction(ours, 0, &action);
  printf("v%d: handlers are the program's %d, of the update signal %s\n", V,
         good, action.sa_handler == SIG_DFL ? "SIG_DFL" : "something else");
  sigprocmask(SIG_BLOCK, &all, 0);
  pthread_sigmask(SIG_SETMASK, &all, 0);
  sigprocmask(SIG_BLOCK, 0, &set);
  printf("v%d: blocked %d, the update signal %d\n", V,
         count(&set), sigismember(&set, ours));
}

int main(int argc, char **argv) {
  sigset_t all;
  ours = atoi(argv[3]);
  int good = install_all();
  printf("v%d: %d of %d real-time signals handled, %s\n", V, good,
         SIGRTMAX - SIGRTMIN + 1,
         ours < 0 ? "refused the update signal with EINVAL" : "none refused");
  fflush(stdout);
  ours = abs(ours);
  sigfillset(&all);
  sigprocmask(SIG_BLOCK, &all, 0);
  for (int n = SIGRTMIN; n <= SIGRTMAX; n++)
    if (n != ours)
      sigqueue(getpid(), n, (union sigval){.sival_int = n});
  pid_t tool = start_tool(argv);
  volatile int version = 1;
  while (version == 1) {
    if (poll(0, 0, 10) != 0 && errno != EINTR)
      return 3;
    version = V;
    if (waitpid(tool, &tool_status, WNOHANG) == tool && V == 1)
      return 4; // refused
  }
  report(tool);
  return 0;
}
