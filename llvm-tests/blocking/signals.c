// The program's own signals: they end the calls that they end without UpStare,
// and no others.
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

static volatile int Handled;
static void onSignal(int Signal) { ++Handled; }

static void handleAlarm(int Flags) {
  struct sigaction Action = {.sa_handler = onSignal, .sa_flags = Flags};
  CALL(sigaction)(SIGALRM, &Action, 0);
}

static void alarmIn(int Milliseconds) {
  struct itimerval Time = {{0, 0}, {0, Milliseconds * 1000}};
  setitimer(ITIMER_REAL, &Time, 0);
}

static void tellHandled(void) {
  tell("handled=%d ", Handled);
  Handled = 0;
}

// The alarm comes again, in case the machine is so busy that the first one is
// early for the call.
static int64_t startAlarms(void) {
  int64_t Start = nowMs();
  struct itimerval Time = {{0, 40000}, {0, 40000}};
  setitimer(ITIMER_REAL, &Time, 0);
  return Start;
}
static void stopAlarms(void) {
  int Error = errno;
  struct itimerval Never = {{0, 0}, {0, 0}};
  setitimer(ITIMER_REAL, &Never, 0);
  Handled = Handled != 0;
  errno = Error;
}

#define WITH_ALARM(What, ...)                                                  \
  do {                                                                         \
    int64_t Start = startAlarms();                                             \
    long Value = __VA_ARGS__;                                                  \
    stopAlarms();                                                              \
    tellResult(What, Value);                                                   \
    tellElapsed(Start, 39);                                                    \
    tellHandled();                                                             \
  } while (0)

// Calls that SA_RESTART does not restart.
static void alwaysEnd(int Flags) {
  handleAlarm(Flags);
  sigset_t None, Usr1;
  sigemptyset(&None);
  sigemptyset(&Usr1);
  sigaddset(&Usr1, SIGUSR1);
  int Epoll = epoll_create1(0);
  struct epoll_event Event;
  struct timespec T = {100, 0}, Left = {0, 0};
  struct timeval V = {100, 0};
  WITH_ALARM("poll", CALL(poll)(0, 0, -1));
  WITH_ALARM("poll", CALL(poll)(0, 0, 100000));
  WITH_ALARM("ppoll", CALL(ppoll)(0, 0, &T, &None));
  WITH_ALARM("select", CALL(select)(0, 0, 0, 0, &V));
  tell("left=%ld ", (long)V.tv_sec);
  WITH_ALARM("pselect", CALL(pselect)(0, 0, 0, 0, 0, &None));
  WITH_ALARM("epoll_wait", CALL(epoll_wait)(Epoll, &Event, 1, -1));
  WITH_ALARM("epoll_pwait", CALL(epoll_pwait)(Epoll, &Event, 1, 100000, &None));
  WITH_ALARM("nanosleep", CALL(nanosleep)(&T, &Left));
  tell("left=%ld ", (long)Left.tv_sec);
  WITH_ALARM("clock_nanosleep",
             CALL(clock_nanosleep)(CLOCK_MONOTONIC, 0, &T, &Left));
  tell("left=%ld ", (long)Left.tv_sec);
  WITH_ALARM("sleep", CALL(sleep)(100));
  WITH_ALARM("usleep", CALL(usleep)(900000));
  WITH_ALARM("pause", CALL(pause)());
  WITH_ALARM("sigsuspend", CALL(sigsuspend)(&None));
  WITH_ALARM("sigtimedwait", CALL(sigtimedwait)(&Usr1, 0, &T));
  close(Epoll);
}
static void alwaysEndPlainHandler(void) { alwaysEnd(0); }
static void alwaysEndRestart(void) { alwaysEnd(SA_RESTART); }

// Calls that only a handler without SA_RESTART ends.
static void endedWithoutRestart(void) {
  handleAlarm(0);
  int Ends[2], Pair[2];
  if (pipe(Ends) || socketpair(AF_UNIX, SOCK_STREAM, 0, Pair))
    die("pipe");
  char Byte, Block[1 << 16] = "";
  IN_CHILD(Pid, napMs(100000))
  WITH_ALARM("read", CALL(read)(Ends[0], &Byte, 1));
  WITH_ALARM("recv", CALL(recv)(Pair[0], &Byte, 1, 0));
  WITH_ALARM("waitpid", CALL(waitpid)(Pid, 0, 0));
  WITH_ALARM("wait", CALL(wait)(0));
  siginfo_t Info;
  WITH_ALARM("waitid", CALL(waitid)(P_PID, Pid, &Info, WEXITED));
  // A transfer that has begun tells what it has done.
  tellResult("write", CALL(write)(Ends[1], Block, sizeof Block));
  WITH_ALARM("write", CALL(write)(Ends[1], Block, sizeof Block));
  char C[100];
  if (read(Ends[0], C, 100) != 100)
    die("read");
  tell("%d ", CALL(read)(Ends[0], Block, 4096 - 100) == 4096 - 100);
  WITH_ALARM("write", CALL(write)(Ends[1], Block, sizeof Block));
  kill(Pid, SIGKILL);
  join(Pid);
  for (int I = 0; I < 2; ++I)
    close(Ends[I]), close(Pair[I]);
}

static void restarted(void) {
  handleAlarm(SA_RESTART);
  int Ends[2];
  if (pipe(Ends))
    die("pipe");
  IN_CHILD(Pid, {
    napMs(400);
    if (write(Ends[1], "x", 1) != 1)
      die("write");
    napMs(400);
  })
  char Byte;
  WITH_ALARM("read", CALL(read)(Ends[0], &Byte, 1));
  startAlarms();
  int Waited = CALL(waitpid)(Pid, 0, 0) == Pid;
  stopAlarms();
  tellResult("waitpid", Waited);
  tellHandled();
  close(Ends[0]);
  close(Ends[1]);
}

static void sigwaits(void) {
  sigset_t Set, Old;
  sigemptyset(&Set);
  sigaddset(&Set, SIGUSR1);
  sigaddset(&Set, SIGUSR2);
  sigaddset(&Set, SIGURG);
  CALL(sigprocmask)(SIG_BLOCK, &Set, &Old);
  pid_t Parent = getpid();
  IN_CHILD(Pid, {
    napMs(40);
    kill(Parent, SIGUSR1);
    napMs(40);
    kill(Parent, SIGUSR2);
    napMs(40);
    kill(Parent, SIGURG);
  })
  handleAlarm(0);
  alarmIn(20);
  int Signal = 0;
  siginfo_t Info = {0};
  tellResult("sigwait", CALL(sigwait)(&Set, &Signal));
  tell("%d ", Signal == SIGUSR1);
  tellResult("sigwaitinfo", CALL(sigwaitinfo)(&Set, &Info));
  tell("%d %d ", Info.si_code, Info.si_pid == Pid);
  struct timespec T = {100, 0};
  tellResult("sigtimedwait", CALL(sigtimedwait)(&Set, &Info, &T));
  T = (struct timespec){0, 50000000};
  int64_t Start = nowMs();
  tellResult("sigtimedwait", CALL(sigtimedwait)(&Set, &Info, &T));
  tellElapsed(Start, 50);
  tellHandled();
  sigfillset(&Set);
  sigdelset(&Set, SIGKILL);
  T = (struct timespec){0, 50000000};
  join(Pid);
  sigdelset(&Set, SIGCHLD);
  Start = nowMs();
  if (Wrapped) // libc's would wait for the update signal too
    tellResult("sigtimedwait", CALL(sigtimedwait)(&Set, &Info, &T));
  else
    errno = EAGAIN, napMs(50), tellResult("sigtimedwait", -1);
  tellElapsed(Start, 50);
  CALL(sigprocmask)(SIG_SETMASK, &Old, 0);
}

// A mask for the time of the call lets the signal in there and only there.
static void maskOfTheCall(void) {
  handleAlarm(0);
  sigset_t Alarm, Old, None;
  sigemptyset(&None);
  sigemptyset(&Alarm);
  sigaddset(&Alarm, SIGALRM);
  CALL(sigprocmask)(SIG_BLOCK, &Alarm, &Old);
  alarmIn(10);
  napMs(30);
  tellHandled();
  tellResult("pselect", CALL(pselect)(0, 0, 0, 0, 0, &None));
  tellHandled();
  alarmIn(10);
  struct timespec T = {0, 40000000};
  tellResult("nanosleep", CALL(nanosleep)(&T, 0));
  tellHandled();
  tellResult("ppoll", CALL(ppoll)(0, 0, &T, &None));
  tellHandled();
  alarmIn(10);
  tellResult("ppoll", CALL(ppoll)(0, 0, &T, &Alarm));
  tellHandled();
  tellResult("sigsuspend", CALL(sigsuspend)(&None));
  tellHandled();
  sigset_t Now;
  sigprocmask(SIG_SETMASK, &Old, &Now);
  tell("%d %d ", sigismember(&Now, SIGALRM), sigismember(&Now, SIGUSR1));
}

// A handler that leaves by siglongjmp.
#include <setjmp.h>
static sigjmp_buf Jump;
static void onJump(int Signal) { siglongjmp(Jump, 1); }
static void handlerJumps(void) {
  struct sigaction Action = {.sa_handler = onJump};
  sigfillset(&Action.sa_mask);
  CALL(sigaction)(SIGALRM, &Action, 0);
  for (volatile int I = 0; I < 5; ++I) {
    if (sigsetjmp(Jump, 1) == 0) {
      alarmIn(10);
      if (I % 2)
        CALL(poll)(0, 0, -1);
      else
        CALL(sleep)(100);
      tell("not ");
    }
    tell("left ");
  }
  sigset_t Now;
  sigprocmask(SIG_SETMASK, 0, &Now);
  tell("%d %d ", sigismember(&Now, SIGALRM), sigismember(&Now, SIGUSR1));
}

// The update signal cannot be blocked or taken over.
static void ownSignal(void) {
  if (!Wrapped) {
    tell("refused, unblocked");
    return;
  }
  int Ours = updateSignal();
  struct sigaction Action = {.sa_handler = onSignal};
  int Refused = upstare_sigaction(Ours, &Action, 0) == -1 && errno == EINVAL;
  errno = 0;
  Refused &= upstare_signal(Ours, SIG_IGN) == SIG_ERR && errno == EINVAL;
  Refused &= upstare_sigaction(Ours, 0, &Action) == 0 &&
             Action.sa_handler == SIG_DFL;
  tell(Refused ? "refused, " : "taken over, ");
  sigset_t All, Old, Now;
  sigfillset(&All);
  int Unblocked = 1;
#define TRY(...)                                                               \
  __VA_ARGS__;                                                                 \
  sigprocmask(SIG_SETMASK, 0, &Now);                                           \
  Unblocked &= !sigismember(&Now, Ours) && sigismember(&Now, SIGUSR1)
  TRY(upstare_sigprocmask(SIG_BLOCK, &All, &Old));
  TRY(upstare_sigprocmask(SIG_SETMASK, &All, 0));
  TRY(upstare_pthread_sigmask(SIG_SETMASK, &All, 0));
  upstare_sigprocmask(SIG_SETMASK, &Old, 0);
  tell(Unblocked ? "unblocked" : "blocked");
}

int main(int Argc, char **Argv) {
  setUp(Argc, Argv);
  RUN_TEST(alwaysEndPlainHandler);
  RUN_TEST(alwaysEndRestart);
  RUN_TEST(endedWithoutRestart);
  RUN_TEST(restarted);
  RUN_TEST(sigwaits);
  RUN_TEST(maskOfTheCall);
  RUN_TEST(handlerJumps);
  RUN_TEST(ownSignal);
  return finishTests();
}
