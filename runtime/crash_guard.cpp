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

using namespace upstare;

static const int Signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
static constexpr unsigned SignalCount = sizeof Signals / sizeof *Signals;

static upstare_update *Guarded;
static void (*WayOut)(upstare_update &, Status);
static struct sigaction Programs[SignalCount]; // their actions

static void restoreActions() {
  for (unsigned I = 0; I != SignalCount; ++I)
    sigaction(Signals[I], &Programs[I], nullptr);
}

/// On the stack of the update, with nothing of the crashed code left.
static void leave(void *) {
  restoreActions();
  WayOut(*Guarded, Status::TransformFailed);
}

static void handleCrash(int Signal, siginfo_t *Info, void *) {
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
  Status S = Function(Update);
  restoreActions();
  return S;
}
