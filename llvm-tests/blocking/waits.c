// Calls with a timeout: an interruption neither ends nor prolongs them.
//
// RUN: %clang -O1 %s -o %t %build/lib/libupstare.so -Wl,-rpath,%build/lib
// RUN: cd %T && %t | FileCheck %s
//
// RUN: %upstare_cc -O2 -DVERSION=1 %s -o %t1
// RUN: %upstare_cc -O2 -DVERSION=2 %s -o %t2
// RUN: %patchgen %t1 %t2 -o %t12.patch
// RUN: %patchgen %t2 %t1 -o %t21.patch
// RUN: cd %T && %t1 %ctl %t12.patch %t21.patch | FileCheck %s
// CHECK: all tests passed

#include "Inputs/blocking.h"

static int Ends[2];

static void openPipe(void) {
  if (pipe(Ends))
    die("pipe");
}
static void closePipe(void) {
  close(Ends[0]);
  close(Ends[1]);
}

static void pollTimesOut(void) {
  openPipe();
  struct pollfd P = {Ends[0], POLLIN, 0};
  struct timespec T = {0, 60000000};
  int64_t Start = nowMs();
  tellResult("poll", CALL(poll)(&P, 1, 60));
  tellElapsed(Start, 60);
  Start = nowMs();
  tellResult("ppoll", CALL(ppoll)(&P, 1, &T, 0));
  tell("%ld.%09ld ", (long)T.tv_sec, T.tv_nsec);
  tellElapsed(Start, 60);
  tellResult("poll", CALL(poll)(&P, 1, 0));
  tellResult("poll", CALL(poll)(0, 0, 0));
  T.tv_nsec = 1000000000;
  tellResult("ppoll", CALL(ppoll)(&P, 1, &T, 0));
  closePipe();
}

static void selectTimesOut(void) {
  openPipe();
  fd_set Set;
  FD_ZERO(&Set);
  FD_SET(Ends[0], &Set);
  struct timeval V = {0, 60000};
  int64_t Start = nowMs();
  tellResult("select", CALL(select)(Ends[0] + 1, &Set, 0, 0, &V));
  tell("left %ld.%06ld set %d ", (long)V.tv_sec, (long)V.tv_usec,
       FD_ISSET(Ends[0], &Set));
  tellElapsed(Start, 60);
  FD_SET(Ends[0], &Set);
  struct timespec T = {0, 60000000};
  Start = nowMs();
  tellResult("pselect", CALL(pselect)(Ends[0] + 1, &Set, 0, 0, &T, 0));
  tell("%ld.%09ld set %d ", (long)T.tv_sec, T.tv_nsec, FD_ISSET(Ends[0], &Set));
  tellElapsed(Start, 60);
  V = (struct timeval){-1, 0};
  tellResult("select", CALL(select)(0, 0, 0, 0, &V));
  V = (struct timeval){0, 0};
  tellResult("select", CALL(select)(0, 0, 0, 0, &V));
  FD_ZERO(&Set);
  FD_SET(900, &Set);
  tellResult("select", CALL(select)(901, &Set, 0, 0, &V));
  closePipe();
}

static void epollTimesOut(void) {
  openPipe();
  int Epoll = epoll_create1(0);
  struct epoll_event Event = {EPOLLIN, {.u32 = 7}};
  epoll_ctl(Epoll, EPOLL_CTL_ADD, Ends[0], &Event);
  int64_t Start = nowMs();
  tellResult("epoll_wait", CALL(epoll_wait)(Epoll, &Event, 1, 60));
  tellElapsed(Start, 60);
  sigset_t None;
  sigemptyset(&None);
  Start = nowMs();
  tellResult("epoll_pwait", CALL(epoll_pwait)(Epoll, &Event, 1, 60, &None));
  tellElapsed(Start, 60);
  tellResult("epoll_wait", CALL(epoll_wait)(Epoll, &Event, 1, 0));
  close(Epoll);
  closePipe();
}

static void eventsArrive(void) {
  openPipe();
  int Epoll = epoll_create1(0);
  struct epoll_event Event = {EPOLLIN, {.u32 = 7}};
  epoll_ctl(Epoll, EPOLL_CTL_ADD, Ends[0], &Event);
  struct pollfd P = {Ends[0], POLLIN, 0};
  fd_set Set;
  FD_ZERO(&Set);
  char C;
  IN_CHILD(Pid, for (int I = 0; I < 6; ++I) {
    napMs(40);
    if (write(Ends[1], "x", 1) != 1)
      die("write");
  })
#define ONE(What, ...)                                                         \
  tellResult(What, __VA_ARGS__);                                               \
  tellResult("read", CALL(read)(Ends[0], &C, 1))
  ONE("poll", CALL(poll)(&P, 1, -1));
  struct timespec T = {100, 0};
  ONE("ppoll", CALL(ppoll)(&P, 1, &T, 0));
  ONE("epoll_wait", CALL(epoll_wait)(Epoll, &Event, 1, -1));
  tell("%x %d ", Event.events, Event.data.u32);
  ONE("epoll_pwait", CALL(epoll_pwait)(Epoll, &Event, 1, 100000, 0));
  struct timeval V = {100, 0};
  FD_SET(Ends[0], &Set);
  ONE("select", CALL(select)(Ends[0] + 1, &Set, 0, 0, &V));
  tell("left %ld ", (long)V.tv_sec);
  ONE("pselect", CALL(pselect)(Ends[0] + 1, &Set, 0, 0, 0, 0));
  join(Pid);
  close(Epoll);
  closePipe();
}

static void sleeps(void) {
  struct timespec T = {0, 60000000}, Left = {7, 7};
  int64_t Start = nowMs();
  tellResult("nanosleep", CALL(nanosleep)(&T, &Left));
  tell("%ld ", (long)Left.tv_sec);
  tellElapsed(Start, 60);
  Start = nowMs();
  tellResult("usleep", CALL(usleep)(60000));
  tellElapsed(Start, 60);
  Start = nowMs();
  tellResult("clock_nanosleep",
             CALL(clock_nanosleep)(CLOCK_MONOTONIC, 0, &T, 0));
  tellElapsed(Start, 60);
  Start = nowMs();
  clock_gettime(CLOCK_MONOTONIC, &T);
  T.tv_sec += 1;
  tellResult("clock_nanosleep",
             CALL(clock_nanosleep)(CLOCK_MONOTONIC, TIMER_ABSTIME, &T, &Left));
  tell("%ld ", (long)Left.tv_sec);
  tellElapsed(Start, 999);
  Start = nowMs();
  tell("sleep=%u ", CALL(sleep)(1));
  tellElapsed(Start, 1000);
  T = (struct timespec){0, -1};
  tellResult("nanosleep", CALL(nanosleep)(&T, 0));
  T.tv_nsec = 1;
  tellResult("clock_nanosleep", CALL(clock_nanosleep)(77, 0, &T, 0));
  tellResult("clock_nanosleep",
             CALL(clock_nanosleep)(CLOCK_THREAD_CPUTIME_ID, 0, &T, 0));
}

int main(int Argc, char **Argv) {
  setUp(Argc, Argv);
  RUN_TEST(pollTimesOut);
  RUN_TEST(selectTimesOut);
  RUN_TEST(epollTimesOut);
  RUN_TEST(eventsArrive);
  RUN_TEST(sleeps);
  return finishTests();
}
