/*===- blocking.h - tests of the blocking calls -------------------*- C -*-===*\
|*                                                                            *|
|* Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.       *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* Each test is a function that calls libc through CALL(name). It is run three *|
|* times: with libc's functions, with the runtime's, and with the runtime's    *|
|* while another process sends the update signal all the time. What it tells   *|
|* must be the same text each time.                                           *|
|*                                                                            *|
|* With -DVERSION=1 or 2 it is an ordinary program, to be instrumented; the    *|
|* last time it is updated all the time, from version 1 to 2 and back, by      *|
|*   program <upstare-ctl> <patch 1 to 2> <patch 2 to 1>                       *|
\*===----------------------------------------------------------------------===*/
#define _GNU_SOURCE 1
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/select.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define wrapper(Name, Wrapper) extern __typeof__(Name) Wrapper
wrapper(read, upstare_read);
wrapper(write, upstare_write);
wrapper(readv, upstare_readv);
wrapper(writev, upstare_writev);
wrapper(recv, upstare_recv);
wrapper(recvfrom, upstare_recvfrom);
wrapper(recvmsg, upstare_recvmsg);
wrapper(send, upstare_send);
wrapper(sendto, upstare_sendto);
wrapper(sendmsg, upstare_sendmsg);
wrapper(sendfile, upstare_sendfile);
wrapper(accept, upstare_accept);
wrapper(accept4, upstare_accept4);
wrapper(connect, upstare_connect);
wrapper(select, upstare_select);
wrapper(pselect, upstare_pselect);
wrapper(poll, upstare_poll);
wrapper(ppoll, upstare_ppoll);
wrapper(epoll_wait, upstare_epoll_wait);
wrapper(epoll_pwait, upstare_epoll_pwait);
wrapper(nanosleep, upstare_nanosleep);
wrapper(clock_nanosleep, upstare_clock_nanosleep);
wrapper(sleep, upstare_sleep);
wrapper(usleep, upstare_usleep);
wrapper(pause, upstare_pause);
wrapper(sigsuspend, upstare_sigsuspend);
wrapper(sigwait, upstare_sigwait);
wrapper(sigwaitinfo, upstare_sigwaitinfo);
wrapper(sigtimedwait, upstare_sigtimedwait);
wrapper(wait, upstare_wait);
wrapper(waitpid, upstare_waitpid);
wrapper(wait3, upstare_wait3);
wrapper(wait4, upstare_wait4);
wrapper(waitid, upstare_waitid);
wrapper(flock, upstare_flock);
wrapper(fcntl, upstare_fcntl);
wrapper(sigprocmask, upstare_sigprocmask);
wrapper(pthread_sigmask, upstare_pthread_sigmask);
wrapper(sigaction, upstare_sigaction);
wrapper(signal, upstare_signal);

static int Wrapped;
#ifdef VERSION
#define CALL(Name) Name
#else
#define CALL(Name) (Wrapped ? upstare_##Name : Name)
#endif

/* SIGRTMAX - 1 */
static int updateSignal(void) { return SIGRTMAX - 1; }

static void die(const char *What) {
  perror(What);
  exit(2);
}

static int64_t nowMs(void) {
  struct timespec T;
  clock_gettime(CLOCK_MONOTONIC, &T);
  return (int64_t)T.tv_sec * 1000 + T.tv_nsec / 1000000;
}

static void napMs(int Milliseconds) {
  struct timespec T = {Milliseconds / 1000, Milliseconds % 1000 * 1000000L};
  while (syscall(SYS_nanosleep, &T, &T) != 0)
    ;
}

/* The text of a test's result. */
static char Result[1 << 12];
static void tell(const char *Format, ...) {
  va_list List;
  va_start(List, Format);
  size_t Used = strlen(Result);
  vsnprintf(Result + Used, sizeof Result - Used, Format, List);
  va_end(List);
}

/* Tells a call's result, with errno's name for a failure. */
static void tellResult(const char *What, long Value) {
  int Error = errno;
  tell("%s=%ld", What, Value);
  if (Value < 0)
    tell("(%s)", strerrorname_np(Error));
  tell(" ");
}

/* Tells that at least Least milliseconds have passed since Start, and not very
   many more. */
static void tellElapsed(int64_t Start, int Least) {
  int64_t Elapsed = nowMs() - Start;
  if (Elapsed >= Least && Elapsed < Least + 3000)
    tell("in time ");
  else
    tell("after %lld ms rather than %d ", (long long)Elapsed, Least);
}

/* Another process that does Body. It gets none of this one's signals. */
#define IN_CHILD(Pid, Body)                                                    \
  pid_t Pid = fork();                                                          \
  if (Pid < 0)                                                                 \
    die("fork");                                                               \
  if (Pid == 0) {                                                              \
    Body;                                                                      \
    _exit(0);                                                                  \
  }
static void join(pid_t Pid) {
  while (waitpid(Pid, 0, 0) < 0 && errno == EINTR)
    ;
}

#ifndef VERSION

/* Sends the update signal to this process until it is killed. */
static pid_t startPestering(void) {
  pid_t Parent = getpid();
  IN_CHILD(Pid, {
    while (kill(Parent, updateSignal()) == 0)
      napMs(1);
  })
  /* It does arrive, and libc's poll() is disturbed by it. */
  if (poll(0, 0, 10000) != -1 || errno != EINTR) {
    fprintf(stderr, "the update signal does not arrive\n");
    exit(2);
  }
  return Pid;
}
static void stopPestering(pid_t Pid) {
  kill(Pid, SIGKILL);
  join(Pid);
}
static void setUp(int Argc, char **Argv) {}
static int checkPestering(void) { return 0; }

#else

static char **Arguments; /* program, upstare-ctl, two patches */
static volatile struct {
  int Stop, Updates;
} *Shared;

static void setUp(int Argc, char **Argv) {
  if (Argc != 4)
    exit(2);
  Arguments = Argv;
  Shared = mmap(0, sizeof *Shared, PROT_READ | PROT_WRITE,
                MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (Shared == MAP_FAILED)
    die("mmap");
}

static int version(void) { return VERSION; }

/* One update; whether it was made. */
static int update(pid_t Process, const char *Patch) {
  char Number[20];
  sprintf(Number, "%d", (int)Process);
  IN_CHILD(Pid, {
    int Null = open("/dev/null", O_WRONLY);
    dup2(Null, 1);
    execl(Arguments[1], "upstare-ctl", "apply", Number, Patch, (char *)0);
    _exit(127);
  })
  int Status = -1;
  while (waitpid(Pid, &Status, 0) < 0 && errno == EINTR)
    ;
  return Status == 0;
}

/* Updates this process again and again until it is stopped. */
static pid_t startPestering(void) {
  pid_t Parent = getpid();
  int Version = version();
  Shared->Stop = 0;
  IN_CHILD(Pid, while (!Shared->Stop) {
    if (!update(Parent, Arguments[1 + Version]))
      _exit(1);
    Version = 3 - Version;
    ++Shared->Updates;
  })
  return Pid;
}
static void stopPestering(pid_t Pid) {
  int Status;
  Shared->Stop = 1;
  while (waitpid(Pid, &Status, 0) < 0 && errno == EINTR)
    ;
  if (Status != 0) {
    fprintf(stderr, "an update failed\n");
    exit(2);
  }
}
static int checkPestering(void) {
  fprintf(stderr, "%d updates\n", Shared->Updates);
  return Shared->Updates < 10;
}

#endif

static int Failures;
static void runTest(const char *Name, void (*Test)(void)) {
  static const char *const Ways[] = {"libc", "wrapped", "interrupted"};
  char Expected[sizeof Result];
  for (int Way = 0; Way < 3; ++Way) {
    Result[0] = 0;
    Wrapped = Way != 0;
    pid_t Pest = Way == 2 ? startPestering() : 0;
    Test();
    if (Pest)
      stopPestering(Pest);
    if (Way == 0)
      strcpy(Expected, Result);
    if (strcmp(Expected, Result) == 0)
      continue;
    ++Failures;
    printf("%s, %s: %s\n  expected: %s\n", Name, Ways[Way], Result, Expected);
  }
  printf("%s: %s\n", Name, Expected);
  fflush(stdout);
}
#define RUN_TEST(Test) runTest(#Test, Test)

static int finishTests(void) {
  Failures += checkPestering();
  printf(Failures ? "%d failures\n" : "all tests passed\n", Failures);
  return Failures != 0;
}
