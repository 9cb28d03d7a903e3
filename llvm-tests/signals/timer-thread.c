// A timer that notifies by a thread (SIGEV_THREAD) makes the process one of several
// threads: updates are refused, saying so.
// RUN: %upstare_cc -O1 %s -o %t && %patchgen %t %t -o %t.patch
// RUN: env UPSTARE_APPLY_AT=1:%t.patch %t 2>&1 | FileCheck %s
// CHECK: the process has several threads, which is not supported yet
// CHECK: notified 7

#include <errno.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

static sem_t semaphore;
static int value;
static void notify(union sigval v) {
  value = v.sival_int;
  sem_post(&semaphore);
}

int main(void) {
  struct sigevent event = {.sigev_notify = SIGEV_THREAD,
                           .sigev_notify_function = notify,
                           .sigev_value.sival_int = 7};
  struct itimerspec soon = {.it_value.tv_nsec = 1000000};
  timer_t timer;
  sem_init(&semaphore, 0, 0);
  if (timer_create(CLOCK_MONOTONIC, &event, &timer) ||
      timer_settime(timer, 0, &soon, 0))
    return 1;
  // The update point.
  while (sem_wait(&semaphore) && errno == EINTR)
    ;
  usleep(1);
  printf("notified %d\n", value);
  return 0;
}
