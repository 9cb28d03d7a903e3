//===- fault_signals.cpp - signals of a thread's own doing ------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Answers: whose is a SIGSEGV that arrives while the runtime expects one?
//
//===----------------------------------------------------------------------===//

#include "fault_signals.h"
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

using namespace upstare;

static const int Signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
static constexpr unsigned SignalCount = sizeof Signals / sizeof *Signals;

static void (*OnFault)(int, const siginfo_t &);
static pid_t Owner;                            // the thread
static struct sigaction Programs[SignalCount]; // its actions

/// Those that came from elsewhere, for the program.
static siginfo_t Kept[SignalCount];
static bool IsKept[SignalCount];

static pid_t thisThread() { return static_cast<pid_t>(syscall(SYS_gettid)); }

static void changeMask(int How) {
  sigset_t Set;
  sigemptyset(&Set);
  for (int Signal : Signals)
    sigaddset(&Set, Signal);
  pthread_sigmask(How, &Set, nullptr);
}

static unsigned indexOf(int Signal) {
  unsigned I = 0;
  while (Signals[I] != Signal)
    ++I;
  return I;
}

/// A signal that was sent, but not by code of this process (as abort() does).
static bool keepSent(int Signal, const siginfo_t &Info) {
  if (Info.si_code > 0 || (Info.si_code != SI_TIMER && Info.si_pid == getpid()))
    return false;
  unsigned I = indexOf(Signal);
  if (!IsKept[I])
    Kept[I] = Info;
  IsKept[I] = true;
  return true;
}

static void handle(int Signal, siginfo_t *Info, void *) {
  if (keepSent(Signal, *Info))
    return;
  if (thisThread() == Owner)
    OnFault(Signal, *Info);
  // Of another thread: it faults again, and comes to the program's handler.
  sigaction(Signal, &Programs[indexOf(Signal)], nullptr);
}

void upstare::takeFaultSignals(void (*Function)(int, const siginfo_t &)) {
  OnFault = Function;
  Owner = thisThread();
  struct sigaction Action;
  memset(&Action, 0, sizeof Action);
  Action.sa_sigaction = handle;
  // Not blocked while it runs: the handler is left for good.
  Action.sa_flags = SA_SIGINFO | SA_NODEFER;
  for (unsigned I = 0; I != SignalCount; ++I)
    sigaction(Signals[I], &Action, &Programs[I]);
  changeMask(SIG_UNBLOCK);
}

/// What was kept waits from here on until the program's mask is back.
void upstare::returnFaultSignals() {
  changeMask(SIG_BLOCK);
  for (unsigned I = 0; I != SignalCount; ++I) {
    sigaction(Signals[I], &Programs[I], nullptr);
    if (IsKept[I])
      syscall(SYS_rt_tgsigqueueinfo, getpid(), thisThread(), Signals[I],
              &Kept[I]);
    IsKept[I] = false;
  }
}
