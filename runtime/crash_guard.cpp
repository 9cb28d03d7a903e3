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
#include "fault_signals.h"
#include "forward.h"
#include <string.h>

using namespace upstare;

static upstare_update *Guarded;
static void (*WayOut)(upstare_update &, Status);

/// On the stack of the update, with nothing of the crashed code left.
static void leave(void *) {
  returnFaultSignals();
  WayOut(*Guarded, Status::TransformFailed);
}

static void handleCrash(int Signal, const siginfo_t &Info) {
  if (Signal == SIGABRT)
    failTransform(*Guarded, "its code called abort (a failed assertion?)");
  else
    failTransform(*Guarded, "its code crashed: %s at address %p",
                  sigdescr_np(Signal), Info.si_addr);
  upstareSwitchStack(Guarded->Patch->stackTop(), leave, nullptr);
}

Status upstare::runGuarded(upstare_update &Update,
                           Status (*Function)(upstare_update &),
                           void (*GiveUp)(upstare_update &, Status)) {
  Guarded = &Update;
  WayOut = GiveUp;
  takeFaultSignals(handleCrash);
  Status S = Function(Update);
  returnFaultSignals();
  return S;
}
