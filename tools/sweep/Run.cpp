//===- Run.cpp - one run of the swept program
//------------------------------===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// See Run.h.
//
//===----------------------------------------------------------------------===//

#include "Run.h"
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace upstare;

std::string Outcome::describeEnd() const {
  if (TimedOut)
    return "still running when the time was up";
  if (WIFSIGNALED(WaitStatus))
    return "killed by signal " + std::to_string(WTERMSIG(WaitStatus)) + " (" +
           strsignal(WTERMSIG(WaitStatus)) + ")";
  return "exit status " + std::to_string(WEXITSTATUS(WaitStatus));
}

ScratchFile::ScratchFile() : Fd(memfd_create("upstare-sweep", MFD_CLOEXEC)) {}

ScratchFile::~ScratchFile() {
  if (Fd >= 0)
    close(Fd);
}

std::string ScratchFile::path() const {
  return "/proc/" + std::to_string(getpid()) + "/fd/" + std::to_string(Fd);
}

std::string ScratchFile::contents() const {
  struct stat Status;
  if (fstat(Fd, &Status) != 0)
    return "";
  std::string Text(size_t(Status.st_size), '\0');
  ssize_t Size = pread(Fd, Text.data(), Text.size(), 0);
  Text.resize(Size < 0 ? 0 : size_t(Size));
  return Text;
}

static std::vector<std::string> childEnvironment(const Run::Variables &Extra) {
  std::vector<std::string> Result;
  for (char **At = environ; *At; ++At)
    if (strncmp(*At, "UPSTARE_", 8) != 0 ||
        strncmp(*At, "UPSTARE_SIGNAL=", 15) == 0)
      Result.push_back(*At);
  for (const auto &[Name, Value] : Extra)
    Result.push_back(std::string(Name).append("=").append(Value));
  return Result;
}

static std::vector<char *> pointers(std::vector<std::string> &Texts) {
  std::vector<char *> Result;
  Result.reserve(Texts.size() + 1);
  for (std::string &Text : Texts)
    Result.push_back(Text.data());
  Result.push_back(nullptr);
  return Result;
}

/// Starts Words in a process group of its own. Returns an error number.
static int spawnProgram(const Program &What, int Input, int Output,
                        int Messages, const Run::Variables &Extra, pid_t &Pid) {
  posix_spawn_file_actions_t Files;
  posix_spawn_file_actions_init(&Files);
  posix_spawn_file_actions_adddup2(&Files, Input, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&Files, Output, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&Files, Messages, STDERR_FILENO);
  posix_spawnattr_t Attributes;
  posix_spawnattr_init(&Attributes);
  posix_spawnattr_setflags(&Attributes, POSIX_SPAWN_SETPGROUP);
  posix_spawnattr_setpgroup(&Attributes, 0);
  std::vector<std::string> Words = What.Words;
  std::vector<std::string> Environment = childEnvironment(Extra);
  int Error =
      posix_spawnp(&Pid, Words[0].c_str(), &Files, &Attributes,
                   pointers(Words).data(), pointers(Environment).data());
  posix_spawnattr_destroy(&Attributes);
  posix_spawn_file_actions_destroy(&Files);
  return Error;
}

bool Run::start(const Program &What, const Variables &Extra,
                double TimeoutSeconds, std::string &Error) {
  int Input = open(What.Input.c_str(), O_RDONLY | O_CLOEXEC);
  if (Input < 0 || !Output.isOpen() || !Messages.isOpen() || !Report.isOpen()) {
    Error = "cannot open " + What.Input + ": " + strerror(errno);
    if (Input >= 0)
      close(Input);
    return false;
  }
  Started = Clock::now();
  Timeout = TimeoutSeconds;
  int Failure =
      spawnProgram(What, Input, Output.fd(), Messages.fd(), Extra, Pid);
  close(Input);
  if (Failure) {
    Pid = 0;
    Error = "cannot start " + What.Words[0] + ": " + strerror(Failure);
    return false;
  }
  PidFd = int(syscall(SYS_pidfd_open, Pid, 0));
  if (PidFd >= 0)
    return true;
  Error = std::string("pidfd_open: ") + strerror(errno);
  return false;
}

Run::~Run() {
  if (PidFd >= 0)
    close(PidFd);
  if (!Pid)
    return;
  kill(-Pid, SIGKILL);
  waitpid(Pid, nullptr, 0);
}

double Run::secondsSinceStart() const {
  return std::chrono::duration<double>(Clock::now() - Started).count();
}

double Run::secondsLeft() const {
  double Left = Timeout - secondsSinceStart();
  return Left > 0 ? Left : 0;
}

void Run::enforceTimeout() {
  if (TimedOut || secondsLeft() > 0)
    return;
  TimedOut = true;
  kill(-Pid, SIGKILL);
}

Outcome Run::finish() {
  Outcome Result;
  waitpid(Pid, &Result.WaitStatus, 0);
  Result.Seconds = secondsSinceStart();
  // What it started may still write to its output.
  kill(-Pid, SIGKILL);
  Pid = 0;
  Result.TimedOut = TimedOut;
  Result.Output = Output.contents();
  Result.Messages = Messages.contents();
  Result.Report = Report.contents();
  return Result;
}
