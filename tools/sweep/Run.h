//===- Run.h - one run of the swept program -----------------------*- C++
//-*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Starts a program with a given environment, keeps what it prints, and ends it
// when it takes too long.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_TOOLS_SWEEP_RUN_H
#define UPSTARE_TOOLS_SWEEP_RUN_H

#include <chrono>
#include <string>
#include <sys/types.h>
#include <utility>
#include <vector>

namespace upstare {

/// What is run.
struct Program {
  std::vector<std::string> Words; // program and arguments
  std::string Input = "/dev/null";
};

/// What came of it.
struct Outcome {
  std::string Output;   // standard output
  std::string Messages; // standard error
  std::string Report;   // what the runtime wrote to UPSTARE_REPORT
  int WaitStatus = 0;
  bool TimedOut = false;
  double Seconds = 0;

  /// "exit status 0", "killed by signal 11 (Segmentation fault)".
  std::string describeEnd() const;
};

/// A file that has no name and is gone when closed; readable by children
/// through path().
class ScratchFile {
public:
  ScratchFile();
  ~ScratchFile();
  ScratchFile(const ScratchFile &) = delete;
  ScratchFile &operator=(const ScratchFile &) = delete;
  bool isOpen() const { return Fd >= 0; }
  int fd() const { return Fd; }
  std::string path() const;
  std::string contents() const;

private:
  int Fd;
};

/// A child at work.
class Run {
public:
  using Variables = std::vector<std::pair<std::string, std::string>>;

  Run() = default;
  ~Run();
  Run(const Run &) = delete;
  Run &operator=(const Run &) = delete;

  /// Starts it with Extra in its environment, in which no other variable of the
  /// runtime is left but the choice of the signal. False, with a message, if
  /// that is impossible.
  bool start(const Program &What, const Variables &Extra, double TimeoutSeconds,
             std::string &Error);
  /// Becomes readable when it has ended.
  int pidFd() const { return PidFd; }
  double secondsLeft() const;
  /// Kills it, with the processes that it started, if it is over time.
  void enforceTimeout();
  /// Waits for the end.
  Outcome finish();

  /// For UPSTARE_REPORT.
  const ScratchFile &reportFile() const { return Report; }

private:
  using Clock = std::chrono::steady_clock;
  pid_t Pid = 0;
  int PidFd = -1;
  bool TimedOut = false;
  Clock::time_point Started;
  double Timeout = 0;
  ScratchFile Output, Messages, Report;

  double secondsSinceStart() const;
};

} // namespace upstare

#endif // UPSTARE_TOOLS_SWEEP_RUN_H
