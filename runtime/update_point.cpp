//===- update_point.cpp - where a thread comes to be updated ----*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Answers: what is to be done at this update point?
//
// Everything that can be wanted of a thread is tested here, in this order: a
// tool's request (which may lead to an update later), an update that the
// environment asks for, an update that the operator asks for.
//
//===----------------------------------------------------------------------===//

#include "update_point.h"
#include "control.h"
#include "environment.h"
#include "export.h"
#include "images.h"
#include "report.h"
#include "request.h"
#include "stack_walk.h"
#include "thread.h"
#include <atomic>
#include <cpuid.h>
#include <errno.h>
#include <new>
#include <unistd.h>

using namespace upstare;

int upstare::RequestPending = 0;

static thread_local Thread *Self __attribute__((tls_model("initial-exec")));

Thread *upstare::self() { return Self; }
void upstare::setSelf(Thread *T) { Self = T; }

bool upstare::hasRoot() { return Self && Self->RootSp; }

void upstare::raiseRequest() {
  __atomic_store_n(&RequestPending, 1, __ATOMIC_SEQ_CST);
  setRequestFlags(1);
}

static bool anythingIsWanted() {
  return controlRequested() || updateRequested() || environmentWantsPoints();
}

void upstare::lowerRequestIfIdle() {
  // Clear first, look then: a request that is made in between raises the flags
  // again itself, or is seen here.
  __atomic_store_n(&RequestPending, 0, __ATOMIC_SEQ_CST);
  setRequestFlags(0);
  std::atomic_thread_fence(std::memory_order_seq_cst);
  if (anythingIsWanted())
    raiseRequest();
}

static uint64_t ToolNotBefore; // next look at the stack

static bool toolIsDue() { return controlRequested() && now() >= ToolNotBefore; }

/// Starting the thread that answers a tool allocates, so that it has to wait
/// until no signal handler is active.
static void answerTool(Thread &T) {
  uint64_t Time = now();
  if (stackIsCalm(T))
    serveControl();
  else
    ToolNotBefore = now() + 8 * (now() - Time);
}

/// Whether anything is to be done here. The point is counted either way.
static bool anythingIsDue() {
  bool ForEnvironment = environmentIsDue();
  return ForEnvironment || toolIsDue() || requestIsDue() ||
         (RequestPending && !anythingIsWanted());
}

/// With signals held back: a handler may come to an update point itself, or
/// leave by longjmp() and never come back here.
static void updateParked(Thread &T, const BlockedCall *Call,
                         const UpdatePointEntry &Entry, int Errno) {
  T.Busy = true;
  T.Errno = Errno;
  T.Entry = Entry;
  if (toolIsDue())
    answerTool(T);
  updateForEnvironment(T, Call);
  updateForRequest(T, Call);
  // While every point is counted, the flags stay up.
  if (RequestPending && !environmentWantsPoints())
    lowerRequestIfIdle();
  T.Busy = false;
}

static void updateFrom(const BlockedCall *Call, const UpdatePointEntry &Entry) {
  Thread *T = Self;
  if (!T || !T->RootSp || T->Busy)
    return;
  int Errno = errno;
  // A child of vfork runs on its parent's stack, and with its parent's data.
  if (T->Pid == getpid() && anythingIsDue()) {
    auto *Parked = new (T->Parked) ParkedSignals;
    updateParked(*T, Call, Entry, Errno);
    Parked->~ParkedSignals();
  }
  errno = Errno;
}

void upstare::updateAt(const BlockedCall *Call) { updateFrom(Call, {}); }

extern "C" {
/// Bytes of an XSAVE area on this processor, for update_point_x86_64.S.
__attribute__((visibility("hidden"))) unsigned upstareXsaveSize = 512 + 64;
}

/// Before main. Bytes for the state components that the system has enabled.
__attribute__((constructor(101))) static void measureXsaveArea() {
  unsigned Eax, Ebx, Ecx, Edx;
  if (__get_cpuid_count(0xd, 0, &Eax, &Ebx, &Ecx, &Edx) && Ebx)
    upstareXsaveSize = Ebx;
}

/// Called by upstare_update_point.
extern "C" __attribute__((visibility("hidden"))) void
upstareUpdatePoint(SavedRegisters *Registers, void *XsaveArea) {
  updateFrom(nullptr, {Registers, XsaveArea});
}
