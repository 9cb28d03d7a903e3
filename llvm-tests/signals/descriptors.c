// Signals that are read or waited for, not handled: signalfd, sigwaitinfo,
// pending ones, timers by signal and by descriptor, over updates at every point.
// RUN: %identity_sweep %t.O0 %s -O0
// RUN: %identity_sweep %t.O2 %s -O2

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static volatile int two = 2;
__attribute__((noinline)) static void point(void) {
  int i = 0;
  do
    i++;
  while (i < two);
}

static void send(int value) {
  sigqueue(getpid(), SIGRTMIN, (union sigval){.sival_int = value});
}

static void descriptor(const sigset_t *set) {
  int fd = signalfd(-1, set, SFD_CLOEXEC);
  struct signalfd_siginfo info[4];
  for (int i = 0; i < 3; i++) {
    raise(SIGUSR1);
    point();
    send(i);
    struct pollfd ready = {fd, POLLIN, 0};
    int polled = poll(&ready, 1, -1);
    ssize_t got = read(fd, info, sizeof info) / (ssize_t)sizeof *info;
    printf("%d %d: %d %d %d\n", polled, (int)got, info[0].ssi_signo == SIGUSR1,
           info[1].ssi_signo == SIGRTMIN, info[1].ssi_int);
  }
  close(fd);
}

static void waits(const sigset_t *set) {
  for (int i = 0; i < 2; i++) {
    siginfo_t info = {0};
    send(i + 10);
    point();
    sigset_t pending;
    sigpending(&pending);
    int number = sigwaitinfo(set, &info);
    printf("%d %d %d\n", sigismember(&pending, SIGRTMIN), number == SIGRTMIN,
           info.si_value.sival_int);
  }
  const struct timespec soon = {0, 1000000};
  printf("%d", sigtimedwait(set, 0, &soon));
  printf(" %d\n", errno == EAGAIN);
}

static void timers(const sigset_t *set) {
  timer_t timer;
  struct sigevent event = {.sigev_notify = SIGEV_SIGNAL,
                           .sigev_signo = SIGRTMIN};
  event.sigev_value.sival_int = 5;
  timer_create(CLOCK_MONOTONIC, &event, &timer);
  struct itimerspec time = {{0, 0}, {0, 2000000}};
  timer_settime(timer, 0, &time, 0);
  point();
  siginfo_t info = {0};
  int number = sigwaitinfo(set, &info);
  printf("%d %d %d\n", number == SIGRTMIN, info.si_code == SI_TIMER,
         info.si_value.sival_int);
  timer_delete(timer);
  int fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
  timerfd_settime(fd, 0, &time, 0);
  point();
  uint64_t expirations = 0;
  ssize_t got = read(fd, &expirations, sizeof expirations);
  printf("%d %d\n", (int)got, (int)expirations);
  close(fd);
}

static volatile int alarms;
static void on_alarm(int n) { alarms++; }
static void suspended(void) {
  signal(SIGALRM, on_alarm);
  sigset_t alarm_only, old;
  sigemptyset(&alarm_only);
  sigaddset(&alarm_only, SIGALRM);
  sigprocmask(SIG_BLOCK, &alarm_only, &old);
  for (int i = 0; i < 2; i++) {
    raise(SIGALRM);
    point();
    int before = alarms;
    int result = sigsuspend(&old);
    printf("%d %d %d %d\n", before, result, errno == EINTR, alarms);
  }
  sigprocmask(SIG_SETMASK, &old, 0);
}

int main(void) {
  sigset_t set, old;
  sigemptyset(&set);
  sigaddset(&set, SIGUSR1);
  sigaddset(&set, SIGRTMIN);
  sigprocmask(SIG_BLOCK, &set, &old);
  descriptor(&set);
  waits(&set);
  timers(&set);
  suspended();
  sigprocmask(SIG_BLOCK, 0, &old);
  printf("%d %d %d\n", sigismember(&old, SIGUSR1), sigismember(&old, SIGRTMIN),
         sigismember(&old, SIGALRM));
  // With everything blocked, too.
  sigfillset(&set);
  sigprocmask(SIG_BLOCK, &set, 0);
  point();
  printf("end\n");
  return 0;
}
