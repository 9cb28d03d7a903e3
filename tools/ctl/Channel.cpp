//===- Channel.cpp - one request to one program
//----------------------------===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// See Channel.h.
//
//===----------------------------------------------------------------------===//

#include "Channel.h"
#include "control_protocol.h"
#include <cerrno>
#include <chrono>
#include <poll.h>
#include <sys/random.h>
#include <unistd.h>

using namespace upstare;

namespace {

/// A descriptor that closes itself.
class Descriptor {
public:
  explicit Descriptor(int Fd = -1) : Fd(Fd) {}
  ~Descriptor() {
    if (Fd >= 0)
      close(Fd);
  }
  Descriptor(const Descriptor &) = delete;
  Descriptor &operator=(const Descriptor &) = delete;
  void reset(int NewFd) {
    if (Fd >= 0)
      close(Fd);
    Fd = NewFd;
  }
  int get() const { return Fd; }

private:
  int Fd;
};

/// Milliseconds from now on.
class Countdown {
public:
  explicit Countdown(int Milliseconds)
      : End(Clock::now() + std::chrono::milliseconds(Milliseconds)) {}
  int left() const {
    auto Left = std::chrono::duration_cast<std::chrono::milliseconds>(
        End - Clock::now());
    return Left.count() > 0 ? int(Left.count()) : 0;
  }

private:
  using Clock = std::chrono::steady_clock;
  Clock::time_point End;
};

} // namespace

/// The signal is repeated this often: one that arrives while the program is in
/// a handler of its own does not make it leave the call below that handler.
static constexpr int RepeatMilliseconds = 50;
/// How long the program's signal handler may take to say where it is.
static constexpr int ExplainMilliseconds = 1000;
/// On top of what an update may take: loading the patch.
static constexpr int AnswerMilliseconds = 60000;

static bool openListener(Descriptor &Listener, uint64_t &Nonce,
                         std::string &Error) {
  bool Good = getrandom(&Nonce, sizeof(Nonce), 0) == sizeof(Nonce);
  Nonce &= ~control::ExplainBit;
  if (!Good || !Nonce) {
    Error = "cannot get a random number";
    return false;
  }
  Listener.reset(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_un Address;
  socklen_t Size = control::socketAddress(Nonce, Address);
  if (Listener.get() >= 0 &&
      bind(Listener.get(), reinterpret_cast<sockaddr *>(&Address), Size) == 0 &&
      listen(Listener.get(), 4) == 0)
    return true;
  Error = std::string("cannot open a socket: ") + strerror(errno);
  return false;
}

/// Accepts the connection of the process, and of no other.
static bool acceptFrom(int Listener, pid_t Pid, Descriptor &Connection) {
  Connection.reset(accept4(Listener, nullptr, nullptr, SOCK_CLOEXEC));
  ucred Peer;
  socklen_t Size = sizeof(Peer);
  return Connection.get() >= 0 &&
         getsockopt(Connection.get(), SOL_SOCKET, SO_PEERCRED, &Peer, &Size) ==
             0 &&
         Peer.pid == Pid;
}

static std::string whyNoConnection(const Process &Target, int Milliseconds) {
  std::string Who = "process " + std::to_string(Target.info().Pid);
  if (!Target.isAlive())
    return Who + " has ended";
  char State = Target.state();
  if (State == 'T' || State == 't')
    return Who + " is stopped";
  if (Target.blocksSignal())
    return Who + " has signal " + std::to_string(Target.info().Signal) +
           ", the update signal, blocked, by code that was not built with "
           "upstare-cc";
  return Who + " did not come to a safe point within " +
         std::to_string(Milliseconds / 1000) +
         " s: it is in a system call that cannot be interrupted, has no file "
         "descriptor free (state " +
         std::string(1, State) + "), or is in another network namespace";
}

/// Signals Value again and again until the process connects, or Error says why
/// it is of no use.
static bool callIn(const Process &Target, int Listener, uint64_t Value,
                   int Milliseconds, Descriptor &Connection,
                   std::string &Error) {
  Countdown Time(Milliseconds);
  while (Target.isAlive()) {
    if (!Target.request(Value, Error))
      return false;
    int Wait =
        Time.left() < RepeatMilliseconds ? Time.left() : RepeatMilliseconds;
    pollfd Poll = {Listener, POLLIN, 0};
    if (poll(&Poll, 1, Wait) > 0 &&
        acceptFrom(Listener, Target.info().Pid, Connection))
      return true;
    if (!Time.left())
      break;
  }
  return false;
}

static bool waitForConnection(const Process &Target, int Listener,
                              uint64_t Nonce, int Milliseconds,
                              Descriptor &Connection, std::string &Error) {
  if (callIn(Target, Listener, Nonce, Milliseconds, Connection, Error) ||
      (Error.empty() && callIn(Target, Listener, Nonce | control::ExplainBit,
                               ExplainMilliseconds, Connection, Error)))
    return true;
  if (Error.empty())
    Error = whyNoConnection(Target, Milliseconds);
  return false;
}

static bool sendRequest(int Connection, const ControlRequest &Request,
                        std::string &Error) {
  std::string Text = "upstare " + std::to_string(control::ProtocolVersion) +
                     " " + Request.Command + " " +
                     std::to_string(Request.Milliseconds) + " " +
                     std::to_string(Request.Path.size()) + "\n" + Request.Path;
  iovec Part = {Text.data(), Text.size()};
  msghdr Message = {};
  Message.msg_iov = &Part;
  Message.msg_iovlen = 1;
  alignas(cmsghdr) char Room[CMSG_SPACE(sizeof(int))] = {};
  if (Request.PatchFd >= 0) {
    Message.msg_control = Room;
    Message.msg_controllen = sizeof(Room);
    cmsghdr *Control = CMSG_FIRSTHDR(&Message);
    Control->cmsg_level = SOL_SOCKET;
    Control->cmsg_type = SCM_RIGHTS;
    Control->cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(Control), &Request.PatchFd, sizeof(int));
  }
  // A request is far smaller than a socket's buffer: it is taken whole. A
  // program that only says where it is may have closed its end already.
  if (sendmsg(Connection, &Message, MSG_NOSIGNAL) == ssize_t(Text.size()) ||
      errno == EPIPE)
    return true;
  Error = std::string("cannot send the request: ") + strerror(errno);
  return false;
}

static bool receiveAnswer(int Connection, int Milliseconds,
                          const Process &Target, std::string &Answer,
                          std::string &Error) {
  Countdown Time(Milliseconds);
  char Buffer[4096];
  while (Answer.size() <= control::MaxAnswer) {
    pollfd Poll = {Connection, POLLIN, 0};
    if (poll(&Poll, 1, Time.left()) <= 0) {
      Error = "no answer within " + std::to_string(Milliseconds / 1000) + " s";
      return false;
    }
    ssize_t Size = recv(Connection, Buffer, sizeof(Buffer), 0);
    if (Size <= 0)
      break;
    Answer.append(Buffer, size_t(Size));
  }
  if (!Answer.empty() && Answer.back() == '\n') {
    Answer.pop_back();
    return true;
  }
  Error = "process " + std::to_string(Target.info().Pid) +
          (Target.isAlive() ? " closed the connection without an answer"
                            : " ended before it answered");
  return false;
}

bool upstare::ask(const Process &Target, const ControlRequest &Request,
                  std::string &Answer, std::string &Error) {
  Descriptor Listener, Connection;
  uint64_t Nonce = 0;
  if (!openListener(Listener, Nonce, Error) ||
      !waitForConnection(Target, Listener.get(), Nonce, Request.Milliseconds,
                         Connection, Error))
    return false;
  Listener.reset(-1);
  return sendRequest(Connection.get(), Request, Error) &&
         receiveAnswer(Connection.get(),
                       Request.Milliseconds + AnswerMilliseconds, Target,
                       Answer, Error);
}
