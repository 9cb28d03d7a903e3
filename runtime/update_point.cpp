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

void upstare::lowerRequestIfIdle() {
  // Clear first, look then: a request that is made in between raises the flags
  // again itself, or is seen here.
  __atomic_store_n(&RequestPending, 0, __ATOMIC_SEQ_CST);
  setRequestFlags(0);
  std::atomic_thread_fence(std::memory_order_seq_cst);
  if (controlRequested() || updateRequested() || environmentWantsPoints())
    raiseRequest();
}

/// Starting the thread that answers a tool allocates, so that it has to wait
/// until no signal handler is active.
static void answerTool(Thread &T) {
  static uint64_t NotBefore;
  uint64_t Time = now();
  if (Time < NotBefore)
    return;
  if (stackIsCalm(T))
    serveControl();
  else
    NotBefore = now() + 8 * (now() - Time);
}

void upstare::updateAt(const BlockedCall *Call) {
  Thread *T = Self;
  if (!T || !T->RootSp || T->Busy)
    return;
  int Errno = errno;
  // A child of vfork runs on its parent's stack, and with its parent's data.
  if (T->Pid != getpid())
    return;
  T->Busy = true;
  T->Errno = Errno;
  if (Call)
    T->Entry = {};
  if (controlRequested())
    answerTool(*T);
  updateForEnvironment(*T, Call);
  updateForRequest(*T, Call);
  // While every point is counted, the flags stay up.
  if (RequestPending && !environmentWantsPoints())
    lowerRequestIfIdle();
  T->Busy = false;
  errno = Errno;
}

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
  if (Self && !Self->Busy)
    Self->Entry = {Registers, XsaveArea};
  updateAt(nullptr);
}
