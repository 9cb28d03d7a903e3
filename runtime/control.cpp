//===- control.cpp - requests of upstare-ctl
//-------------------------------===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// See control.h. The temporary thread has all signals blocked, so that the
// program's handlers run where they always did, and holds no lock of libc's
// while it waits for the tool.
//
//===----------------------------------------------------------------------===//

#include "control.h"
#include "control_protocol.h"
#include "coordinator.h"
#include "report.h"
#include "signals.h"
#include "update_point.h"
#include "whereabouts.h"
#include <linux/close_range.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

using namespace upstare;

/// Stored by the signal handler; 0: no tool waits.
static uint64_t WaitingNonce = 0;
/// The latest that was taken. Tools repeat their signal until they are called.
static uint64_t TakenNonce = 0;
/// The process whose temporary thread is at work: a child made by fork() has
/// the memory but not the thread.
static pid_t ServingProcess = 0;

/// How long a tool may take to send its request.
static constexpr int RequestMilliseconds = 5000;
/// Loading a patch runs the dynamic linker on this stack.
static constexpr size_t ThreadStack = 1 << 20;

void upstare::noteControlRequest(uint64_t Nonce) {
  if (Nonce & control::ExplainBit) {
    Nonce &= ~control::ExplainBit;
    uint64_t Expected = Nonce;
    __atomic_compare_exchange_n(&WaitingNonce, &Expected, 0, false,
                                __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
    return noteWhereaboutsRequest(Nonce);
  }
  if (Nonce != __atomic_load_n(&TakenNonce, __ATOMIC_RELAXED))
    __atomic_store_n(&WaitingNonce, Nonce, __ATOMIC_RELEASE);
}

static bool isServing() {
  return __atomic_load_n(&ServingProcess, __ATOMIC_ACQUIRE) == getpid();
}

bool upstare::controlRequested() {
  return __atomic_load_n(&WaitingNonce, __ATOMIC_ACQUIRE) && !isServing();
}

namespace {

struct Request {
  char Command[16];
  unsigned Milliseconds;
  char Path[control::MaxRequest];         // "": none
  int PatchFd = -1;                       // came with it
  static constexpr int NoDescriptor = -2; // it did, but there was no room
};

/// The connection to the tool.
class Connection {
public:
  Connection() = default;
  ~Connection() {
    if (Fd >= 0)
      close(Fd);
  }
  Connection(const Connection &) = delete;
  Connection &operator=(const Connection &) = delete;

  bool open(uint64_t Nonce);
  bool receive(Request &Out);
  void answer(const char *Text, size_t Size);

private:
  int Fd = -1;

  bool isReady(short Event);
  ssize_t receiveSome(char *Buffer, size_t Size, int &PatchFd);
};

} // namespace

bool Connection::open(uint64_t Nonce) {
  Fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  sockaddr_un Address;
  socklen_t Size = control::socketAddress(Nonce, Address);
  if (Fd < 0 || connect(Fd, reinterpret_cast<sockaddr *>(&Address), Size) != 0)
    return false;
  ucred Peer;
  socklen_t PeerSize = sizeof(Peer);
  return getsockopt(Fd, SOL_SOCKET, SO_PEERCRED, &Peer, &PeerSize) == 0 &&
         (Peer.uid == 0 || Peer.uid == geteuid());
}

bool Connection::isReady(short Event) {
  pollfd Poll = {Fd, Event, 0};
  return poll(&Poll, 1, RequestMilliseconds) == 1;
}

ssize_t Connection::receiveSome(char *Buffer, size_t Size, int &PatchFd) {
  iovec Part = {Buffer, Size};
  alignas(cmsghdr) char Room[CMSG_SPACE(sizeof(int))];
  msghdr Message = {};
  Message.msg_iov = &Part;
  Message.msg_iovlen = 1;
  Message.msg_control = Room;
  Message.msg_controllen = sizeof(Room);
  ssize_t Got = recvmsg(Fd, &Message, MSG_CMSG_CLOEXEC);
  cmsghdr *Control = Got > 0 ? CMSG_FIRSTHDR(&Message) : nullptr;
  if (Control && Control->cmsg_type == SCM_RIGHTS && PatchFd < 0)
    memcpy(&PatchFd, CMSG_DATA(Control), sizeof(PatchFd));
  else if (Got > 0 && Message.msg_flags & MSG_CTRUNC)
    PatchFd = Request::NoDescriptor;
  return Got;
}

/// Reads "upstare <version> <command> <milliseconds> <size>\n<path>".
bool Connection::receive(Request &Out) {
  char Buffer[control::MaxRequest];
  size_t Size = 0;
  while (Size < sizeof(Buffer) - 1 && isReady(POLLIN)) {
    ssize_t Got =
        receiveSome(Buffer + Size, sizeof(Buffer) - 1 - Size, Out.PatchFd);
    if (Got <= 0)
      return false;
    Size += size_t(Got);
    Buffer[Size] = 0;
    char *Line = strchr(Buffer, '\n');
    if (!Line)
      continue;
    int Version;
    size_t PathSize;
    if (sscanf(Buffer, "upstare %d %15s %u %zu\n", &Version, Out.Command,
               &Out.Milliseconds, &PathSize) != 4 ||
        Version != control::ProtocolVersion)
      return false;
    size_t Head = size_t(Line + 1 - Buffer);
    if (PathSize > sizeof(Buffer) - 1 - Head)
      return false;
    if (Size < Head + PathSize)
      continue;
    memcpy(Out.Path, Buffer + Head, PathSize);
    Out.Path[PathSize] = 0;
    return true;
  }
  return false;
}

void Connection::answer(const char *Text, size_t Size) {
  while (Size && isReady(POLLOUT)) {
    ssize_t Sent = send(Fd, Text, Size, MSG_NOSIGNAL);
    if (Sent <= 0)
      return; // The tool has gone; nobody else wants to know.
    Text += Sent;
    Size -= size_t(Sent);
  }
}

//===----------------------------------------------------------------------===//
// Requests and their answers
//===----------------------------------------------------------------------===//

static size_t formatStatus(char *Buffer, size_t Size) {
  ProcessStatus S;
  readStatus(S);
  // Why an update would be refused, whatever the patch.
  Status Obstacle = !S.HasRoot      ? Status::NoRoot
                    : S.Threads > 1 ? Status::OtherThreads
                    : !S.Threads    ? Status::System
                                    : Status::Ok;
  const char *Why = Obstacle == Status::Ok       ? ""
                    : Obstacle == Status::System ? CannotCountThreads
                                                 : statusText(Obstacle);
  char Version[2 * sizeof(S.Version) + 2], Message[512];
  formatJsonString(S.Version, Version, sizeof(Version));
  formatJsonString(Why, Message, sizeof(Message));
  int Length = snprintf(
      Buffer, Size,
      "{\"ok\":true,\"status\":\"ok\",\"message\":%s,\"pid\":%d,"
      "\"version\":%s,\"build_id\":\"%s\",\"updates\":%llu,\"patches\":%llu,"
      "\"patch_bytes\":%llu,\"stack_bytes\":%llu,\"threads\":%u,"
      "\"can_update\":%s,\"abi_version\":%d}",
      Message, int(getpid()), Version, S.BuildId, (unsigned long long)S.Updates,
      (unsigned long long)S.Patches.Patches,
      (unsigned long long)S.Patches.Bytes, (unsigned long long)S.StackBytes,
      S.Threads, Obstacle == Status::Ok ? "true" : "false",
      UPSTARE_ABI_VERSION);
  return size_t(Length);
}

static size_t formatError(const char *Text, char *Buffer, size_t Size) {
  return size_t(snprintf(
      Buffer, Size,
      "{\"ok\":false,\"status\":\"bad-request\",\"message\":\"%s\"}", Text));
}

static size_t serve(const Request &R, char *Buffer, size_t Size) {
  if (!strcmp(R.Command, control::StatusCommand))
    return formatStatus(Buffer, Size);
  bool IsCheck = !strcmp(R.Command, control::CheckCommand);
  if (!IsCheck && strcmp(R.Command, control::ApplyCommand) != 0)
    return formatError("unknown command", Buffer, Size);
  if (R.PatchFd == Request::NoDescriptor)
    return formatError("the process has no free file descriptor for the patch "
                       "(see RLIMIT_NOFILE)",
                       Buffer, Size);
  if (R.PatchFd < 0)
    return formatError("no patch came with the request", Buffer, Size);
  UpdateReport Report;
  if (IsCheck)
    checkPatch(R.Path, R.PatchFd, Report);
  else
    applyUpdate(R.Path, R.PatchFd, R.Milliseconds, Report);
  return formatReport(Report, Buffer, Size);
}

void upstare::refuseTool(uint64_t Nonce, Status S, const char *Why) {
  Connection Tool;
  if (!Tool.open(Nonce))
    return;
  char Message[control::MaxAnswer - 100], Answer[control::MaxAnswer];
  bool IsBusy = isServing();
  formatJsonString(IsBusy ? "another request is being served, which takes "
                            "as long as its --timeout at most"
                          : Why,
                   Message, sizeof Message);
  Tool.answer(Answer, size_t(snprintf(
                          Answer, sizeof Answer,
                          "{\"ok\":false,\"status\":\"%s\",\"message\":%s}\n",
                          statusName(IsBusy ? Status::Busy : S), Message)));
}

/// Refusal: null, or why no request can be served.
static void serveTool(uint64_t Nonce, const char *Refusal) {
  Connection Tool;
  Request R;
  if (!Tool.open(Nonce) || !Tool.receive(R))
    return;
  char Answer[control::MaxAnswer];
  size_t Size = Refusal ? formatError(Refusal, Answer, sizeof(Answer) - 1)
                        : serve(R, Answer, sizeof(Answer) - 1);
  if (Size > sizeof(Answer) - 1)
    Size = formatError("the answer is too long", Answer, sizeof(Answer) - 1);
  Answer[Size++] = '\n';
  Tool.answer(Answer, Size);
  if (R.PatchFd >= 0)
    close(R.PatchFd);
}

/// The thread of the request before has answered but may not be gone yet: it
/// would count as one of the program's. Bounded, should the number already
/// belong to a thread of the program's.
static void outlivePredecessor() {
  constexpr uint64_t Patience = 1000 * 1000 * 1000; // ns
  static pid_t Last;
  pid_t Before = __atomic_exchange_n(
      &Last, static_cast<pid_t>(syscall(SYS_gettid)), __ATOMIC_SEQ_CST);
  for (uint64_t Began = now(); Before &&
                               syscall(SYS_tgkill, getpid(), Before, 0) == 0 &&
                               now() - Began < Patience;)
    sched_yield();
}

static void *runThread(void *) {
  outlivePredecessor();
  // A table of descriptors of its own: the program's next one gets the number
  // that it would have got. (Where the kernel cannot, they share.)
  close_range(STDERR_FILENO + 1, ~0U, CLOSE_RANGE_UNSHARE);
  serveTool(__atomic_load_n(&TakenNonce, __ATOMIC_RELAXED), nullptr);
  __atomic_store_n(&ServingProcess, 0, __ATOMIC_SEQ_CST);
  // A tool that came meanwhile was told to wait.
  if (controlRequested()) {
    raiseRequest();
    interruptThread(getpid());
  }
  return nullptr;
}

void upstare::serveControl() {
  if (!controlRequested())
    return;
  ParkedSignals Blocked; // inherited by the thread
  __atomic_store_n(&ServingProcess, getpid(), __ATOMIC_SEQ_CST);
  __atomic_store_n(&TakenNonce,
                   __atomic_exchange_n(&WaitingNonce, 0, __ATOMIC_ACQ_REL),
                   __ATOMIC_RELAXED);
  pthread_attr_t Attributes;
  pthread_attr_init(&Attributes);
  pthread_attr_setdetachstate(&Attributes, PTHREAD_CREATE_DETACHED);
  pthread_attr_setstacksize(&Attributes, ThreadStack);
  pthread_t Thread;
  if (pthread_create(&Thread, &Attributes, runThread, nullptr) != 0) {
    // The tool waits already, so that telling it takes no time.
    serveTool(__atomic_load_n(&TakenNonce, __ATOMIC_RELAXED),
              "the process cannot start a thread to serve the request (see "
              "RLIMIT_NPROC and the memory that is left)");
    __atomic_store_n(&ServingProcess, 0, __ATOMIC_SEQ_CST);
  }
  pthread_attr_destroy(&Attributes);
}
