//===- crash_guard.cpp - transformers that crash ----------------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Answers: what if a transformer crashes?
//
// The signals that a thread raises by its own doing are taken over for as long
// as transformers run. Everything the update has done so far is in memory of
// its own, so that leaving in the middle does no harm.
//
//===----------------------------------------------------------------------===//

#include "crash_guard.h"
#include "forward.h"
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

using namespace upstare;

static const int Signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
static constexpr unsigned SignalCount = sizeof Signals / sizeof *Signals;

static upstare_update *Guarded;
static void (*WayOut)(upstare_update &, Status);
static struct sigaction Programs[SignalCount]; // their actions

/// Those that came from elsewhere, for the program.
static siginfo_t Kept[SignalCount];
static bool IsKept[SignalCount];

static void changeMask(int How) {
  sigset_t Set;
  sigemptyset(&Set);
  for (int Signal : Signals)
    sigaddset(&Set, Signal);
  pthread_sigmask(How, &Set, nullptr);
}

/// What was kept waits from here on until the program's mask is back.
static void restoreActions() {
  changeMask(SIG_BLOCK);
  for (unsigned I = 0; I != SignalCount; ++I) {
    sigaction(Signals[I], &Programs[I], nullptr);
    if (IsKept[I])
      syscall(SYS_rt_tgsigqueueinfo, getpid(), syscall(SYS_gettid), Signals[I],
              &Kept[I]);
    IsKept[I] = false;
  }
}

/// A signal that was sent, but not by code of this process (as abort() does).
static bool keepSent(int Signal, const siginfo_t &Info) {
  if (Info.si_code > 0 || (Info.si_code != SI_TIMER && Info.si_pid == getpid()))
    return false;
  for (unsigned I = 0; I != SignalCount; ++I) {
    if (Signals[I] != Signal)
      continue;
    if (!IsKept[I])
      Kept[I] = Info;
    IsKept[I] = true;
  }
  return true;
}

/// On the stack of the update, with nothing of the crashed code left.
static void leave(void *) {
  restoreActions();
  WayOut(*Guarded, Status::TransformFailed);
}

static void handleCrash(int Signal, siginfo_t *Info, void *) {
  if (keepSent(Signal, *Info))
    return;
  if (Signal == SIGABRT)
    failTransform(*Guarded, "its code called abort (a failed assertion?)");
  else
    failTransform(*Guarded, "its code crashed: %s at address %p",
                  sigdescr_np(Signal), Info->si_addr);
  upstareSwitchStack(Guarded->Patch->stackTop(), leave, nullptr);
}

Status upstare::runGuarded(upstare_update &Update,
                           Status (*Function)(upstare_update &),
                           void (*GiveUp)(upstare_update &, Status)) {
  Guarded = &Update;
  WayOut = GiveUp;
  struct sigaction Action = {};
  Action.sa_sigaction = handleCrash;
  // Not blocked while it runs: the handler is left for good.
  Action.sa_flags = SA_SIGINFO | SA_NODEFER;
  for (unsigned I = 0; I != SignalCount; ++I)
    sigaction(Signals[I], &Action, &Programs[I]);
  changeMask(SIG_UNBLOCK);
  Status S = Function(Update);
  restoreActions();
  return S;
}
