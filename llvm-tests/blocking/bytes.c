// Calls that move bytes: what an interruption leaves undone is done, nothing is
// done twice, and the count is what it would have been.
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

enum { Big = 3 << 20 };
static unsigned char Bytes[Big], Copy[Big];

static void fillBytes(void) {
  uint32_t State = 1;
  for (int I = 0; I < Big; ++I) {
    State = State * 1664525 + 1013904223;
    Bytes[I] = State >> 24;
  }
}

// Reads all of In slowly, to its end (a reader that goes before would be a
// SIGPIPE for the writer), and reports whether it was Bytes[0, Size).
static void drain(int In, size_t Size, int Report) {
  static unsigned char Room[70000];
  size_t Got = 0;
  ssize_t N;
  while ((N = read(In, Room, sizeof Room)) > 0) {
    if (Got + N <= Big)
      memcpy(Copy + Got, Room, N);
    Got += N;
    if (Got % 7 == 0)
      napMs(1);
  }
  char Good = Got == Size && memcmp(Bytes, Copy, Size) == 0;
  if (write(Report, &Good, 1) != 1)
    die("report");
}

enum Channel { Pipe, Stream };

// Ends[0] is read by another process, which reports over Report.
static pid_t openChannel(enum Channel Kind, size_t Size, int *Out,
                         int *Report) {
  int Ends[2], Reports[2];
  if (Kind == Pipe ? pipe(Ends) : socketpair(AF_UNIX, SOCK_STREAM, 0, Ends))
    die("channel");
  if (pipe(Reports))
    die("pipe");
  IN_CHILD(Pid, {
    close(Ends[1]);
    drain(Ends[0], Size, Reports[1]);
  })
  close(Ends[0]);
  close(Reports[1]);
  *Out = Ends[1];
  *Report = Reports[0];
  return Pid;
}

static void closeChannel(pid_t Pid, int Out, int Report) {
  char Good = 0;
  close(Out);
  while (read(Report, &Good, 1) < 0 && errno == EINTR)
    ;
  close(Report);
  join(Pid);
  tell("%s ", Good ? "arrived" : "garbled");
}

static void makeVectors(struct iovec *Vectors, int Count) {
  size_t Piece = Big / Count;
  for (int I = 0; I < Count; ++I)
    Vectors[I] = (struct iovec){Bytes + I * Piece, Piece};
  Vectors[Count - 1].iov_len = Big - (Count - 1) * Piece;
}

static void writeToPipe(void) {
  int Out, Report;
  pid_t Pid = openChannel(Pipe, Big, &Out, &Report);
  tellResult("write", CALL(write)(Out, Bytes, Big));
  closeChannel(Pid, Out, Report);
}

static void writeToStream(void) {
  int Out, Report;
  pid_t Pid = openChannel(Stream, Big, &Out, &Report);
  tellResult("write", CALL(write)(Out, Bytes, Big));
  closeChannel(Pid, Out, Report);
}

static void sendToStream(void) {
  int Out, Report;
  pid_t Pid = openChannel(Stream, 2 * (size_t)(Big / 2), &Out, &Report);
  tellResult("send", CALL(send)(Out, Bytes, Big / 2, 0));
  tellResult("sendto", CALL(sendto)(Out, Bytes + Big / 2, Big / 2, 0, 0, 0));
  closeChannel(Pid, Out, Report);
}

// More parts than the runtime handles at a time.
static void writevToStream(void) {
  int Out, Report;
  struct iovec Vectors[300];
  makeVectors(Vectors, 300);
  pid_t Pid = openChannel(Stream, Big, &Out, &Report);
  tellResult("writev", CALL(writev)(Out, Vectors, 300));
  closeChannel(Pid, Out, Report);
}

static void writevToPipe(void) {
  int Out, Report;
  struct iovec Vectors[7];
  makeVectors(Vectors, 7);
  pid_t Pid = openChannel(Pipe, Big, &Out, &Report);
  tellResult("writev", CALL(writev)(Out, Vectors, 7));
  closeChannel(Pid, Out, Report);
}

static void sendmsgToStream(void) {
  int Out, Report;
  struct iovec Vectors[90];
  makeVectors(Vectors, 90);
  struct msghdr Message = {.msg_iov = Vectors, .msg_iovlen = 90};
  pid_t Pid = openChannel(Stream, Big, &Out, &Report);
  tellResult("sendmsg", CALL(sendmsg)(Out, &Message, 0));
  closeChannel(Pid, Out, Report);
}

static int scratchFile(const char *Name) {
  unlink(Name);
  int File = open(Name, O_RDWR | O_CREAT | O_TRUNC, 0600);
  if (File < 0)
    die(Name);
  return File;
}

static void tellFile(int File, size_t Size) {
  struct stat Status;
  fstat(File, &Status);
  tell("size=%ld at=%ld %s ", (long)Status.st_size,
       (long)lseek(File, 0, SEEK_CUR),
       pread(File, Copy, Size, 0) == (ssize_t)Size &&
               memcmp(Copy, Bytes, Size) == 0
           ? "intact"
           : "garbled");
}

static void filesAreCut(void) {
  int File = scratchFile("blocking-file");
  tellResult("write", CALL(write)(File, Bytes, Big));
  tellFile(File, Big);
  struct iovec Vectors[100];
  makeVectors(Vectors, 100);
  lseek(File, 0, SEEK_SET);
  tellResult("writev", CALL(writev)(File, Vectors, 100));
  tellFile(File, Big);
  int Target = scratchFile("blocking-copy");
  off_t Offset = 5;
  tellResult("sendfile", CALL(sendfile)(Target, File, &Offset, Big));
  tell("offset=%ld ", (long)Offset);
  Offset = 0;
  lseek(Target, 0, SEEK_SET);
  tellResult("sendfile", CALL(sendfile)(Target, File, &Offset, Big - 1));
  tell("offset=%ld ", (long)Offset);
  tellFile(Target, Big - 5);
  close(File);
  close(Target);
}

static void sendfileToStream(void) {
  int File = scratchFile("blocking-file");
  if (write(File, Bytes, Big) != Big)
    die("write");
  int Out, Report;
  pid_t Pid = openChannel(Stream, Big, &Out, &Report);
  off_t Offset = 0;
  tellResult("sendfile", CALL(sendfile)(Out, File, &Offset, Big));
  tell("offset=%ld ", (long)Offset);
  closeChannel(Pid, Out, Report);
  lseek(File, 0, SEEK_SET);
  Pid = openChannel(Pipe, Big, &Out, &Report);
  // A pipe takes less at a time than asked for.
  ssize_t Sum = 0, N;
  while ((N = CALL(sendfile)(Out, File, 0, Big + 100)) > 0)
    Sum += N;
  tellResult("sendfile", N);
  tell("sum=%ld ", (long)Sum);
  closeChannel(Pid, Out, Report);
  tell("at=%ld ", (long)lseek(File, 0, SEEK_CUR));
  close(File);
}

// The count of a call that would have returned short is left as it is.
static void nonBlockingIsShort(void) {
  int Ends[2];
  if (pipe2(Ends, O_NONBLOCK))
    die("pipe");
  tellResult("write", CALL(write)(Ends[1], Bytes, Big));
  tellResult("write", CALL(write)(Ends[1], Bytes, Big));
  tellResult("read", CALL(read)(Ends[0], Copy, Big));
  tellResult("read", CALL(read)(Ends[0], Copy, Big));
  close(Ends[0]);
  close(Ends[1]);
  int Sockets[2];
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, Sockets))
    die("socketpair");
  tell("short=%d ", CALL(send)(Sockets[0], Bytes, Big, MSG_DONTWAIT) < Big);
  tellResult("send", CALL(send)(Sockets[0], Bytes, 1 << 16, MSG_DONTWAIT));
  close(Sockets[0]);
  close(Sockets[1]);
}

// RLIMIT_FSIZE: the first call that crosses it is short, the next one gets the
// signal; with the limit at the end of one of the runtime's pieces too.
static void fileSizeLimit(void) {
  struct rlimit {
    unsigned long Soft, Hard;
  } Old, New;
  signal(SIGXFSZ, SIG_IGN);
  syscall(SYS_prlimit64, 0, 1 /* RLIMIT_FSIZE */, 0, &Old);
  New = Old;
  New.Soft = 1 << 20;
  syscall(SYS_prlimit64, 0, 1, &New, 0);
  int File = scratchFile("blocking-limited");
  tellResult("write", CALL(write)(File, Bytes, Big));
  tellResult("write", CALL(write)(File, Bytes, Big));
  syscall(SYS_prlimit64, 0, 1, &Old, 0);
  close(File);
}

// Sends Bytes[0, Size) in small parts.
static void trickle(int Out, size_t Size) {
  for (size_t Sent = 0; Sent < Size;) {
    size_t Part = Size - Sent < 1000 ? Size - Sent : 1000;
    ssize_t N = send(Out, Bytes + Sent, Part, 0);
    if (N <= 0)
      return;
    Sent += N;
    napMs(2);
  }
}

static void tellReceived(size_t Size) {
  tell("%s ", memcmp(Copy, Bytes, Size) == 0 ? "intact" : "garbled");
  memset(Copy, 0, Size);
}

static void waitForAll(void) {
  int Ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, Ends))
    die("socketpair");
  IN_CHILD(Pid, {
    close(Ends[0]);
    trickle(Ends[1], 100000);
  })
  close(Ends[1]);
  tellResult("peek", CALL(recv)(Ends[0], Copy, 20000, MSG_WAITALL | MSG_PEEK) > 0);
  tellReceived(500);
  tellResult("recv", CALL(recv)(Ends[0], Copy, 30000, MSG_WAITALL));
  tellResult("recvfrom", CALL(recvfrom)(Ends[0], Copy + 30000, 30000,
                                        MSG_WAITALL, 0, 0));
  struct iovec Vectors[200];
  for (int I = 0; I < 200; ++I)
    Vectors[I] = (struct iovec){Copy + 60000 + 150 * I, 150};
  char Control[256];
  struct msghdr Message = {.msg_iov = Vectors, .msg_iovlen = 200,
                           .msg_control = Control,
                           .msg_controllen = sizeof Control};
  tellResult("recvmsg", CALL(recvmsg)(Ends[0], &Message, MSG_WAITALL));
  tell("control=%d flags=%d ", (int)Message.msg_controllen, Message.msg_flags);
  tellReceived(90000);
  // The end comes before all has.
  tellResult("recv", CALL(recv)(Ends[0], Copy, 30000, MSG_WAITALL));
  tellResult("recv", CALL(recv)(Ends[0], Copy, 30000, MSG_WAITALL));
  close(Ends[0]);
  join(Pid);
}

// The first byte comes late.
static void receiveLate(void) {
  int Ends[2], Datagrams[2];
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, Ends) ||
      socketpair(AF_UNIX, SOCK_DGRAM, 0, Datagrams))
    die("socketpair");
  IN_CHILD(Pid, {
    for (int I = 0; I < 4; ++I) {
      napMs(30);
      if (write(Ends[1], "hello", 5) != 5 ||
          write(Datagrams[1], "datagram", 8) != 8)
        die("write");
    }
  })
  char Buffer[20] = "";
  struct iovec Parts[2] = {{Buffer, 2}, {Buffer + 2, 18}};
  struct msghdr Message = {.msg_iov = Parts, .msg_iovlen = 2};
  tellResult("read", CALL(read)(Ends[0], Buffer, 20));
  tell("%s ", Buffer);
  tellResult("readv", CALL(readv)(Ends[0], Parts, 2));
  tellResult("recv", CALL(recv)(Ends[0], Buffer, 20, 0));
  tellResult("recvmsg", CALL(recvmsg)(Ends[0], &Message, 0));
  tellResult("recv", CALL(recv)(Datagrams[0], Buffer, 3, MSG_TRUNC));
  tellResult("read", CALL(read)(Datagrams[0], Buffer, 20));
  tell("%s ", Buffer);
  join(Pid);
  for (int I = 0; I < 2; ++I)
    close(Ends[I]), close(Datagrams[I]);
}

// Messages stay whole, and none is sent twice.
static void datagrams(void) {
  int Ends[2];
  if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, Ends))
    die("socketpair");
  enum { Count = 300, Size = 3000 };
  IN_CHILD(Pid, {
    close(Ends[1]);
    int Good = 1;
    for (int I = 0; I < Count; ++I) {
      Good &= read(Ends[0], Copy, Size) == Size &&
              memcmp(Copy, Bytes + I, Size) == 0;
      if (I % 8 == 0)
        napMs(1);
    }
    _exit(!Good || read(Ends[0], Copy, Size) != 0);
  })
  close(Ends[0]);
  int Sent = 0;
  for (int I = 0; I < Count; ++I)
    Sent += CALL(send)(Ends[1], Bytes + I, Size, 0) == Size;
  close(Ends[1]);
  int Status = -1;
  while (waitpid(Pid, &Status, 0) < 0 && errno == EINTR)
    ;
  tell("sent=%d status=%d ", Sent, Status);
}

int main(int Argc, char **Argv) {
  setUp(Argc, Argv);
  fillBytes();
  RUN_TEST(writeToPipe);
  RUN_TEST(writeToStream);
  RUN_TEST(sendToStream);
  RUN_TEST(writevToStream);
  RUN_TEST(writevToPipe);
  RUN_TEST(sendmsgToStream);
  RUN_TEST(filesAreCut);
  RUN_TEST(sendfileToStream);
  RUN_TEST(nonBlockingIsShort);
  RUN_TEST(fileSizeLimit);
  RUN_TEST(waitForAll);
  RUN_TEST(receiveLate);
  RUN_TEST(datagrams);
  return finishTests();
}
