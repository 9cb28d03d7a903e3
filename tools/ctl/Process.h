//===- Process.h - programs that can be updated -------------------*- C++
//-*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which processes run UpStare's runtime, and how one of them is told that
// someone wants to talk to it. All from /proc, without touching the process.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_TOOLS_CTL_PROCESS_H
#define UPSTARE_TOOLS_CTL_PROCESS_H

#include <cstdint>
#include <string>
#include <sys/types.h>
#include <vector>

namespace upstare {

struct ProcessInfo {
  pid_t Pid = 0;
  std::string Program;  // /proc/PID/exe
  std::string Runtime;  // path of libupstare.so
  std::string BuildId;  // of the program as started, in hexadecimal
  int Signal = 0;       // the update signal
  bool Catches = false; // the runtime's handler is in place
  char State = '?';
};

/// Processes of this user that have the runtime loaded.
std::vector<ProcessInfo> listProcesses();

/// A process, held so that its id cannot come to mean another one.
class Process {
public:
  Process() = default;
  ~Process();
  Process(const Process &) = delete;
  Process &operator=(const Process &) = delete;

  /// False, with a message, if there is no such process or no runtime in it.
  bool open(pid_t Pid, std::string &Error);
  const ProcessInfo &info() const { return Info; }

  /// Queues the update signal with Nonce, unless one waits for delivery (a
  /// stopped process would collect them).
  bool request(uint64_t Nonce, std::string &Error) const;
  bool isAlive() const;
  /// Of /proc/PID/status, now.
  char state() const;
  /// Whether the update signal does not reach it.
  bool blocksSignal() const;

private:
  ProcessInfo Info;
  int PidFd = -1;
};

} // namespace upstare

#endif // UPSTARE_TOOLS_CTL_PROCESS_H
