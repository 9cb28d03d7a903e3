//===- Process.cpp - programs that can be updated
//--------------------------===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// See Process.h.
//
//===----------------------------------------------------------------------===//

#include "Process.h"
#include "BuildId.h"
#include "control_protocol.h"
#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <dirent.h>
#include <fstream>
#include <iterator>
#include <poll.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

using namespace upstare;

static std::string procFile(pid_t Pid, const char *Name) {
  return "/proc/" + std::to_string(Pid) + "/" + Name;
}

static std::string readAll(const std::string &Path) {
  std::ifstream File(Path, std::ios::binary);
  return {std::istreambuf_iterator<char>(File), {}};
}

static std::string readLink(const std::string &Path) {
  char Buffer[4096];
  ssize_t Size = readlink(Path.c_str(), Buffer, sizeof(Buffer));
  return Size < 0 ? std::string() : std::string(Buffer, size_t(Size));
}

/// The path of the runtime in a list of mappings; empty if its code is not
/// loaded (a debugger maps the file too).
static std::string findRuntime(pid_t Pid) {
  std::ifstream Maps(procFile(Pid, "maps"));
  std::string Line;
  while (std::getline(Maps, Line)) {
    size_t Start = Line.find('/');
    if (Start == std::string::npos || Line.find(" r-xp ") > Start)
      continue;
    std::string Path = Line.substr(Start);
    size_t Name = Path.rfind('/') + 1;
    if (Path.compare(Name, 13, "libupstare.so") == 0)
      return Path;
  }
  return "";
}

/// A value of UPSTARE_SIGNAL as the runtime takes it; 0 if it does not.
static int parseSignal(const char *Text) {
  int Signal = Text ? atoi(Text) : 0;
  return Signal >= SIGRTMIN && Signal <= SIGRTMAX ? Signal : 0;
}

/// The update signal that the process's environment at its start chose, or, as
/// some programs overwrite that, the tool's own.
static int signalOf(pid_t Pid) {
  std::string Environment = readAll(procFile(Pid, "environ"));
  std::string Wanted = std::string(control::SignalVariable) + "=";
  for (size_t At = 0; At < Environment.size();) {
    size_t End = std::min(Environment.find('\0', At), Environment.size());
    if (Environment.compare(At, Wanted.size(), Wanted) == 0)
      if (int Signal = parseSignal(Environment.c_str() + At + Wanted.size()))
        return Signal;
    At = End + 1;
  }
  int Signal = parseSignal(getenv(control::SignalVariable));
  return Signal ? Signal : control::defaultSignal(SIGRTMAX);
}

/// A line of /proc/PID/status without its name.
static std::string statusField(pid_t Pid, const std::string &Name) {
  std::ifstream File(procFile(Pid, "status"));
  std::string Line;
  while (std::getline(File, Line))
    if (Line.compare(0, Name.size() + 1, Name + ":") == 0) {
      size_t Start = Line.find_first_not_of(" \t", Name.size() + 1);
      return Start == std::string::npos ? "" : Line.substr(Start);
    }
  return "";
}

/// Whether Signal is in a set of /proc/PID/status.
static bool hasSignal(pid_t Pid, const char *Set, int Signal) {
  uint64_t Bits = strtoull(statusField(Pid, Set).c_str(), nullptr, 16);
  return Bits >> (Signal - 1) & 1;
}

static char stateOf(pid_t Pid) {
  std::string State = statusField(Pid, "State");
  return State.empty() ? '?' : State[0];
}

static bool inspect(pid_t Pid, ProcessInfo &Info) {
  Info.Pid = Pid;
  Info.Runtime = findRuntime(Pid);
  if (Info.Runtime.empty())
    return false;
  Info.Program = readLink(procFile(Pid, "exe"));
  Info.BuildId = buildIdOf(procFile(Pid, "exe"));
  Info.Signal = signalOf(Pid);
  uint64_t Caught = strtoull(statusField(Pid, "SigCgt").c_str(), nullptr, 16);
  Info.Catches = Caught >> (Info.Signal - 1) & 1;
  Info.State = stateOf(Pid);
  return true;
}

std::vector<ProcessInfo> upstare::listProcesses() {
  std::vector<ProcessInfo> Result;
  DIR *Proc = opendir("/proc");
  if (!Proc)
    return Result;
  while (dirent *Entry = readdir(Proc)) {
    char *End;
    long Pid = strtol(Entry->d_name, &End, 10);
    struct stat Status;
    ProcessInfo Info;
    if (*End || Pid <= 0 || stat(procFile(pid_t(Pid), "").c_str(), &Status) ||
        Status.st_uid != geteuid())
      continue;
    if (inspect(pid_t(Pid), Info))
      Result.push_back(Info);
  }
  closedir(Proc);
  std::sort(
      Result.begin(), Result.end(),
      [](const ProcessInfo &A, const ProcessInfo &B) { return A.Pid < B.Pid; });
  return Result;
}

Process::~Process() {
  if (PidFd >= 0)
    close(PidFd);
}

bool Process::open(pid_t Pid, std::string &Error) {
  std::string Who = "process " + std::to_string(Pid);
  PidFd = int(syscall(SYS_pidfd_open, Pid, 0));
  if (PidFd < 0) {
    Error = errno == ESRCH || errno == EINVAL
                ? "there is no " + Who
                : "cannot open " + Who + ": " + strerror(errno);
    return false;
  }
  if (access(procFile(Pid, "maps").c_str(), R_OK) != 0 ||
      std::ifstream(procFile(Pid, "maps")).fail()) {
    Error = isAlive() ? Who + " belongs to another user" : "there is no " + Who;
    return false;
  }
  if (!inspect(Pid, Info)) {
    Error = Who + " is not an UpStare program (libupstare.so is not loaded)";
    return false;
  }
  if (!Info.Catches) {
    Error = Who + " does not catch signal " + std::to_string(Info.Signal) +
            ", the update signal: it is just starting, or has set its own "
            "environment or handler (see UPSTARE_SIGNAL)";
    return false;
  }
  return true;
}

bool Process::request(uint64_t Nonce, std::string &Error) const {
  if (hasSignal(Info.Pid, "ShdPnd", Info.Signal))
    return true;
  siginfo_t Signal = {};
  Signal.si_signo = Info.Signal;
  Signal.si_code = SI_QUEUE;
  Signal.si_pid = getpid();
  Signal.si_uid = getuid();
  static_assert(sizeof Nonce == sizeof Signal.si_value);
  memcpy(&Signal.si_value, &Nonce, sizeof Nonce);
  if (syscall(SYS_pidfd_send_signal, PidFd, Info.Signal, &Signal, 0) == 0)
    return true;
  Error = "cannot signal process " + std::to_string(Info.Pid) + ": " +
          strerror(errno);
  return false;
}

bool Process::isAlive() const {
  pollfd Wait = {PidFd, POLLIN, 0};
  return poll(&Wait, 1, 0) == 0;
}

char Process::state() const { return stateOf(Info.Pid); }

bool Process::blocksSignal() const {
  return hasSignal(Info.Pid, "SigBlk", Info.Signal);
}
