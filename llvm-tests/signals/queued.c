// Signals that arrive at any moment of an update: none is lost, none is handled
// twice, and their order stays. Meanwhile a timer interrupts, too.
// RUN: %upstare_cc -O0 %s -o %t.O0
// RUN: %upstare_cc -O2 %s -o %t.O2
// RUN: %patchgen %t.O0 %t.O0 -o %t.O0.patch
// RUN: %patchgen %t.O2 %t.O2 -o %t.O2.patch
// RUN: rm -f %t.report
// RUN: env UPSTARE_APPLY_EVERY=20:%t.O0.patch UPSTARE_REPORT=%t.report %t.O0 \
// RUN:   | FileCheck %s
// RUN: env UPSTARE_APPLY_EVERY=20:%t.O2.patch UPSTARE_REPORT=%t.report %t.O2 \
// RUN:   | FileCheck %s
// RUN: FileCheck --check-prefix=REPORT %s < %t.report
// RUN: not grep -v '"ok":true' %t.report

// CHECK: 600 received, sum 179700, in order 1, deep 3, alarms 1
// REPORT-COUNT-100: "ok":true

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

enum { Count = 600 };
static volatile int received, sum, in_order = 1, alarms;

static void on_signal(int number, siginfo_t *info, void *context) {
  in_order &= info->si_value.sival_int == received;
  received++;
  sum += info->si_value.sival_int;
}
static void on_alarm(int number) { alarms++; }

// One signal after the other, each a little after the one before.
static void send_all(pid_t to) {
  for (int i = 0; i < Count; i++) {
    for (int k = 0; k < 1000; k++)
      sched_yield();
    while (sigqueue(to, SIGRTMIN, (union sigval){.sival_int = i}))
      if (errno != EAGAIN)
        _exit(1);
  }
  _exit(0);
}

static int receive_all(int depth) {
  volatile int local = depth;
  if (depth < 3)
    return receive_all(depth + 1);
  while (received < Count || !alarms)
    local++;
  return depth;
}

int main(int argc, char **argv) {
  if (argc > 1)
    send_all(atoi(argv[1]));
  struct sigaction action = {.sa_flags = SA_SIGINFO | SA_RESTART};
  action.sa_sigaction = on_signal;
  sigaction(SIGRTMIN, &action, 0);
  signal(SIGALRM, on_alarm);
  struct itimerval time = {{0, 300}, {0, 300}};
  pid_t parent = getpid(), child = fork();
  if (!child) {
    // Without the environment: a sender that is not updated.
    char to[16];
    sprintf(to, "%d", (int)parent);
    execle(argv[0], argv[0], to, (char *)0, (char *[]){0});
    _exit(1);
  }
  setitimer(ITIMER_REAL, &time, 0);
  int deep = receive_all(0);
  time = (struct itimerval){{0, 0}, {0, 0}};
  setitimer(ITIMER_REAL, &time, 0);
  int status = 1;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR)
    ;
  printf("%d received, sum %d, in order %d, deep %d, alarms %d\n", received,
         sum, in_order, deep, alarms > 0);
  return status;
}
