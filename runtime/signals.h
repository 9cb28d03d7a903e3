//===- signals.h - the update signal ------------------------------*- C++
//-*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which signal the runtime uses, what its arrival does, and how signals are
// held back while a thread is parked.
//
// One signal serves two purposes, told apart by its siginfo: queued by
// upstare-ctl it asks for a connection (control.h); sent by this process to one
// of its threads it makes that thread leave a blocking call
// (blocking_calls.h), and tell where it is if somebody has asked
// (whereabouts.h). Any other one does nothing.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_RUNTIME_SIGNALS_H
#define UPSTARE_RUNTIME_SIGNALS_H

#include <signal.h>
#include <stdint.h>
#include <sys/types.h>

namespace upstare {

/// Number of the update signal: SIGRTMAX-1, or UPSTARE_SIGNAL=n in the
/// environment (SIGRTMIN..SIGRTMAX; others are ignored with a message).
int updateSignal();

/// Installs the handler; once, before main. False, with errno set, if the
/// kernel refuses.
bool installUpdateSignal();

/// Sends the update signal to one thread of this process.
/// Async-signal-safe. A thread that is about to enter a blocking call, or
/// that is in one, comes to updateAt(); since a handler of the program's own
/// may stand between, send it again every few milliseconds until it parks.
void interruptThread(pid_t Tid);

/// Blocks signals for its lifetime, but for SIGTRAP and SIGSYS. A fault of the
/// runtime's own meanwhile ends the process; crash_guard.h is for the others.
class ParkedSignals {
public:
  ParkedSignals();
  ~ParkedSignals();
  ParkedSignals(const ParkedSignals &) = delete;
  ParkedSignals &operator=(const ParkedSignals &) = delete;

private:
  sigset_t Saved;
};

} // namespace upstare

#endif // UPSTARE_RUNTIME_SIGNALS_H
