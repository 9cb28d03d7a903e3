// The program's own signals, over updates at every point, do what they do in the
// plain program: end or restart the calls that wait, come where a mask lets them,
// wake an event loop through a pipe, and find their handlers.
// RUN: %identity_sweep %t.O0 %s -O0
// RUN: %identity_sweep %t.O2 %s -O2

#define _GNU_SOURCE 1
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
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

static int ends[2], others[2], listener;
static pid_t pid;
static volatile sig_atomic_t handled, wanted;

// What makes the call that waits return, if the signal does not.
enum { Byte = 1, Connection, Child };
static struct sockaddr_un address;
static void act(void) {
  if (wanted == Byte && write(ends[1], "x", 1) != 1)
    _exit(5);
  if (wanted == Connection) {
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    if (connect(fd, (struct sockaddr *)&address, 8))
      _exit(6);
    close(fd);
  }
  if (wanted == Child)
    kill(pid, SIGKILL);
  wanted = 0;
}
static void on_alarm(int n) {
  int before = errno;
  handled++;
  point();
  act();
  errno = before;
}

static void handle(int flags) {
  struct sigaction action = {.sa_handler = on_alarm, .sa_flags = flags};
  sigaction(SIGALRM, &action, 0);
}
// Sends the signal when the program waits.
static void send_when_waiting(void) {
  char path[40], text[256];
  pid_t parent = getppid();
  snprintf(path, sizeof path, "/proc/%d/stat", parent);
  for (int seen = 0; seen < 2; usleep(300)) {
    int fd = open(path, O_RDONLY);
    ssize_t size = read(fd, text, sizeof text - 1);
    close(fd);
    text[size > 0 ? size : 0] = 0;
    char *state = strrchr(text, ')');
    if (!state)
      _exit(0);
    seen = state[2] == 'S' ? seen + 1 : 0;
  }
  kill(parent, SIGALRM);
  _exit(0);
}
static void alarm_soon(int what) {
  wanted = what;
  if (fork() == 0)
    send_when_waiting();
}
static void tell(const char *what, long result) {
  int error = result < 0 ? errno : 0;
  printf("%s %ld %s, handled %d\n", what, result > 0 ? 1 : result,
         strerror(error), handled);
  handled = 0;
  wanted = 0;
}

__attribute__((noinline)) static void restarts(int flags) {
  char byte;
  int status, fd;
  handle(flags);
  alarm_soon(Byte);
  tell("read", read(ends[0], &byte, 1));
  alarm_soon(Connection);
  tell("accept", fd = accept(listener, 0, 0));
  close(fd);
  pid = fork();
  if (!pid)
    for (;;)
      pause();
  alarm_soon(Child);
  tell("waitpid", waitpid(pid, &status, 0));
  struct timespec time = {100, 0};
  alarm_soon(0);
  tell("nanosleep", nanosleep(&time, 0));
  alarm_soon(0);
  tell("poll", poll(0, 0, 100000));
  while (waitpid(-1, &status, 0) > 0)
    ;
  fcntl(ends[0], F_SETFL, O_NONBLOCK);
  fcntl(listener, F_SETFL, O_NONBLOCK);
  while (read(ends[0], &byte, 1) == 1)
    ;
  while ((fd = accept(listener, 0, 0)) >= 0)
    close(fd);
  fcntl(ends[0], F_SETFL, 0);
  fcntl(listener, F_SETFL, 0);
}

__attribute__((noinline)) static void masks(void) {
  sigset_t alarm_only, none;
  struct timespec time = {0, 5000000};
  sigemptyset(&none);
  sigemptyset(&alarm_only);
  sigaddset(&alarm_only, SIGALRM);
  handle(SA_RESTART);
  sigprocmask(SIG_BLOCK, &alarm_only, 0);
  alarm_soon(0);
  tell("ppoll masked", ppoll(0, 0, &time, &alarm_only));
  tell("ppoll", ppoll(0, 0, 0, &none));
  alarm_soon(0);
  tell("pselect", pselect(0, 0, 0, 0, 0, &none));
  alarm_soon(0);
  tell("sigsuspend", sigsuspend(&none));
  sigprocmask(SIG_UNBLOCK, &alarm_only, 0);
  alarm_soon(0);
  tell("pause", pause());
  while (waitpid(-1, 0, 0) > 0)
    ;
}

static void on_child(int n) {
  int before = errno;
  if (write(others[1], "c", 1) != 1)
    _exit(7);
  errno = before;
}

// The classic loop: SIGCHLD comes through a pipe.
__attribute__((noinline)) static void self_pipe(void) {
  int status, left = 3, sum = 0;
  struct sigaction action = {.sa_handler = on_child, .sa_flags = SA_RESTART};
  sigaction(SIGCHLD, &action, 0);
  for (int i = 0; i < left; i++)
    if (fork() == 0)
      _exit(i + 1);
  while (left) {
    struct pollfd ready = {others[0], POLLIN, 0};
    char bytes[8];
    if (poll(&ready, 1, -1) != 1 || read(others[0], bytes, sizeof bytes) < 1)
      continue;
    while (waitpid(-1, &status, WNOHANG) > 0) {
      sum += WEXITSTATUS(status);
      left--;
    }
  }
  signal(SIGCHLD, SIG_DFL);
  printf("self-pipe %d\n", sum);
}

static volatile sig_atomic_t ticks;
static void on_tick(int n) { ticks++; }

// CPU time, in a loop that has few update points.
__attribute__((noinline)) static void profile(void) {
  struct itimerval time = {{0, 1000}, {0, 1000}}, never = {{0, 0}, {0, 0}};
  volatile long rounds = 0;
  signal(SIGPROF, on_tick);
  setitimer(ITIMER_PROF, &time, 0);
  while (ticks < 2)
    for (int i = 0; i < 1000000; i++)
      rounds++;
  setitimer(ITIMER_PROF, &never, 0);
  printf("profile %d, alarm %u", rounds > 0, alarm(100));
  point();
  printf(" %d\n", alarm(0) > 90);
}

int main(void) {
  address.sun_family = AF_UNIX;
  snprintf(address.sun_path + 1, 6, "%05d", getpid());
  listener = socket(AF_UNIX, SOCK_STREAM, 0);
  if (pipe(ends) || pipe(others) || listener < 0 ||
      bind(listener, (struct sockaddr *)&address, 8) || listen(listener, 5))
    return 4;
  restarts(0);
  restarts(SA_RESTART);
  masks();
  self_pipe();
  profile();
  struct sigaction action;
  sigaction(SIGALRM, 0, &action);
  printf("%d %d\n", action.sa_handler == on_alarm, action.sa_flags & SA_RESTART);
  return 0;
}
