//===- FakeCoordinator.cpp - what a test does in place of an update
//--------===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "FakeCoordinator.h"
#include "contexts.h"
#include "control.h"
#include "signals.h"
#include "syscall_window.h"
#include "update_point.h"
#include "upstare/upstare.h"
#include "whereabouts.h"
#include <atomic>
#include <fstream>
#include <sched.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace upstare;

FakeCoordinator upstare::Fake;
static std::atomic<unsigned> &sharedVisits() {
  static void *Page = mmap(nullptr, 4096, PROT_READ | PROT_WRITE,
                           MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  return *static_cast<std::atomic<unsigned> *>(Page);
}
unsigned upstare::visits() { return sharedVisits(); }
int upstare::RequestPending = 0;
void upstare::raiseRequest() { RequestPending = 1; }
bool upstare::hasRoot() { return Fake.HasRoot; }
void upstare::noteControlRequest(uint64_t) {}
void upstare::tellWhereabouts() {}
MainStack upstare::TheMainStack = {0, ~uintptr_t{0}};
void upstare::lookAtStack() {}

void upstare::updateAt(const BlockedCall *Call) {
  ++sharedVisits();
  if (Fake.OnUpdate)
    Fake.OnUpdate(*Call);
}

void *upstare_forward_typed(upstare_update *, const void *Pointer, uint64_t) {
  auto Place = reinterpret_cast<uintptr_t>(Pointer);
  if (Place >= Fake.Removed && Place < Fake.OldEnd)
    Fake.Failure = "removed";
  if (Place >= Fake.OldStart && Place < Fake.OldEnd)
    Place += uintptr_t(Fake.Shift);
  return reinterpret_cast<void *>(Place);
}

void upstare_fail(upstare_update *, const char *Text) { Fake.Failure = Text; }

void upstare::resetFake() {
  Fake = FakeCoordinator();
  sharedVisits() = 0;
  RequestPending = 0;
  SignalSeen = 0;
  installUpdateSignal();
}

static void (*OriginalHandler)(int, siginfo_t *, void *);

void upstare::requestWhenInterrupted() {
  struct sigaction Action;
  sigaction(updateSignal(), nullptr, &Action);
  OriginalHandler = Action.sa_sigaction;
  Action.sa_sigaction = [](int Signal, siginfo_t *Info, void *Context) {
    RequestPending = 1;
    OriginalHandler(Signal, Info, Context);
  };
  sigaction(updateSignal(), &Action, nullptr);
}

static char stateOf(pid_t Pid) {
  std::ifstream File("/proc/" + std::to_string(Pid) + "/stat");
  std::string Text;
  std::getline(File, Text);
  size_t End = Text.rfind(')');
  return End == std::string::npos ? '?' : Text[End + 2];
}

void upstare::waitUntilParentSleeps() {
  while (stateOf(getppid()) != 'S')
    sched_yield();
}

void upstare::interruptParent() {
  waitUntilParentSleeps();
  unsigned Before = visits();
  kill(getppid(), updateSignal());
  while (visits() == Before)
    sched_yield();
}

Helper::Helper(const std::function<void()> &What) {
  pid_t Parent = getpid();
  Watchdog = fork();
  if (Watchdog == 0) {
    close_range(3, ~0U, 0); // holds no end of a pipe open
    sleep(30);
    kill(Parent, SIGKILL);
    _exit(0);
  }
  Body = fork();
  if (Body == 0) {
    What();
    _exit(0);
  }
}

Helper::~Helper() {
  kill(Watchdog, SIGKILL);
  for (pid_t Pid : {Watchdog, Body})
    while (waitpid(Pid, nullptr, 0) < 0 && errno == EINTR)
      ;
}
