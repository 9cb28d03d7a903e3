// Calls that are issued again as they were: accept, connect, wait, locks.
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
#include <arpa/inet.h>
#include <netinet/in.h>

static socklen_t addressOf(struct sockaddr_un *Address) {
  memset(Address, 0, sizeof *Address);
  Address->sun_family = AF_UNIX;
  return offsetof(struct sockaddr_un, sun_path) + 1 +
         sprintf(Address->sun_path + 1, "blocking-%d", (int)getpid());
}

static int listenOn(struct sockaddr_un *Address, socklen_t Size, int Backlog) {
  int Fd = socket(AF_UNIX, SOCK_STREAM, 0);
  if (Fd < 0 || bind(Fd, (struct sockaddr *)Address, Size) ||
      listen(Fd, Backlog))
    die("listen");
  return Fd;
}

static void accepts(void) {
  struct sockaddr_un Address, Peer;
  socklen_t Size = addressOf(&Address);
  int Listener = listenOn(&Address, Size, 5);
  IN_CHILD(Pid, {
    for (int I = 0; I < 2; ++I) {
      napMs(50);
      int Fd = socket(AF_UNIX, SOCK_STREAM, 0);
      connect(Fd, (struct sockaddr *)&Address, Size);
    }
  })
  socklen_t PeerSize = sizeof Peer;
  int A = CALL(accept)(Listener, (struct sockaddr *)&Peer, &PeerSize);
  tell("accept %d, %d ", A >= 0, (int)PeerSize);
  int B = CALL(accept4)(Listener, 0, 0, SOCK_CLOEXEC);
  tell("accept4 %d ", B >= 0 && (fcntl(B, F_GETFD) & FD_CLOEXEC));
  tellResult("accept", CALL(accept)(0, 0, 0) == -1 ? -1 : 0);
  close(A), close(B), close(Listener);
  join(Pid);
}

// A unix socket whose queue is full lets connect() wait.
static void connectWaits(void) {
  struct sockaddr_un Address;
  socklen_t Size = addressOf(&Address);
  int Listener = listenOn(&Address, Size, 0);
  IN_CHILD(Pid, {
    for (int I = 0; I < 3; ++I) {
      napMs(80);
      accept(Listener, 0, 0);
    }
  })
  int Connected[3];
  for (int I = 0; I < 3; ++I) {
    Connected[I] = socket(AF_UNIX, SOCK_STREAM, 0);
    tellResult("connect", CALL(connect)(Connected[I],
                                        (struct sockaddr *)&Address, Size));
  }
  tellResult("connect",
             CALL(connect)(Connected[0], (struct sockaddr *)&Address, Size));
  for (int I = 0; I < 3; ++I)
    close(Connected[I]);
  close(Listener);
  join(Pid);
}

static void connectTcp(void) {
  struct sockaddr_in Address = {.sin_family = AF_INET,
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t Size = sizeof Address;
  int Listener = socket(AF_INET, SOCK_STREAM, 0);
  if (bind(Listener, (struct sockaddr *)&Address, Size) ||
      getsockname(Listener, (struct sockaddr *)&Address, &Size))
    die("bind");
  int A = socket(AF_INET, SOCK_STREAM, 0);
  tellResult("connect", CALL(connect)(A, (struct sockaddr *)&Address, Size));
  listen(Listener, 1);
  tellResult("connect", CALL(connect)(A, (struct sockaddr *)&Address, Size));
  tellResult("connect", CALL(connect)(A, (struct sockaddr *)&Address, Size));
  // With the queue full, the handshake is repeated by the kernel: the call is
  // waiting in SYN_SENT while it is interrupted.
  int B = socket(AF_INET, SOCK_STREAM, 0), C = socket(AF_INET, SOCK_STREAM, 0);
  connect(B, (struct sockaddr *)&Address, Size);
  IN_CHILD(Pid, {
    napMs(300);
    while (accept(Listener, 0, 0) >= 0)
      ;
  })
  tellResult("connect", CALL(connect)(C, (struct sockaddr *)&Address, Size));
  tellResult("connect", CALL(connect)(C, (struct sockaddr *)&Address, Size));
  kill(Pid, SIGKILL);
  join(Pid);
  close(A), close(B), close(C), close(Listener);
}

static void waits(void) {
  int Status = 0;
  siginfo_t Info = {0};
#define CHILD(Code)                                                            \
  ({                                                                           \
    IN_CHILD(Pid, napMs(50); _exit(Code)) Pid;                                 \
  })
  pid_t Pid = CHILD(3);
  tell("waitpid %d ", CALL(waitpid)(Pid, &Status, 0) == Pid);
  tell("%d ", WEXITSTATUS(Status));
  Pid = CHILD(4);
  tell("wait4 %d ", CALL(wait4)(Pid, &Status, 0, 0) == Pid);
  tell("%d ", WEXITSTATUS(Status));
  Pid = CHILD(5);
  tell("waitid %d ", CALL(waitid)(P_PID, Pid, &Info, WEXITED));
  tell("%d ", Info.si_status);
  tellResult("waitpid", CALL(waitpid)(Pid, &Status, 0));
  Pid = CHILD(6);
  tellResult("waitpid", CALL(waitpid)(Pid, &Status, WNOHANG));
  join(Pid);
}

static void locks(void) {
  const char *Name = "blocking-lock";
  int File = open(Name, O_RDWR | O_CREAT, 0600), Ready[2];
  if (File < 0 || pipe(Ready))
    die(Name);
  char C;
#define HELD(Lock)                                                             \
  ({                                                                           \
    IN_CHILD(Pid, {                                                            \
      int Fd = open(Name, O_RDWR);                                             \
      Lock;                                                                    \
      if (write(Ready[1], "x", 1) != 1)                                        \
        die("write");                                                          \
      napMs(80);                                                               \
    })                                                                         \
    while (read(Ready[0], &C, 1) != 1)                                         \
      ;                                                                        \
    Pid;                                                                       \
  })
  struct flock Whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
  pid_t Pid = HELD(flock(Fd, LOCK_EX));
  tellResult("flock", CALL(flock)(File, LOCK_EX | LOCK_NB));
  int64_t Start = nowMs();
  tellResult("flock", CALL(flock)(File, LOCK_EX));
  tellElapsed(Start, 0);
  join(Pid);
  Pid = HELD(fcntl(Fd, F_SETLK, &Whole));
  tellResult("setlk", CALL(fcntl)(File, F_SETLK, &Whole));
  Start = nowMs();
  tellResult("setlkw", CALL(fcntl)(File, F_SETLKW, &Whole));
  tellElapsed(Start, 0);
  Whole.l_type = F_UNLCK;
  CALL(fcntl)(File, F_SETLK, &Whole);
  join(Pid);
  Whole.l_type = F_WRLCK;
  Pid = HELD(fcntl(Fd, F_OFD_SETLK, &Whole));
  Start = nowMs();
  tellResult("ofd", CALL(fcntl)(File, F_OFD_SETLKW, &Whole));
  tellElapsed(Start, 0);
  join(Pid);
  tellResult("getfl", CALL(fcntl)(File, F_GETFL) & O_ACCMODE);
  close(File), close(Ready[0]), close(Ready[1]);
}

int main(int Argc, char **Argv) {
  setUp(Argc, Argv);
  RUN_TEST(accepts);
  RUN_TEST(connectWaits);
  RUN_TEST(connectTcp);
  RUN_TEST(waits);
  RUN_TEST(locks);
  return finishTests();
}
