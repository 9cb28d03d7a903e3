//===- request.cpp - an operator's update, from asking to answer *- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Answers: who has the update now, the thread that asks or the one that is
// updated?
//
//   Idle ──ask──► Waiting ──take──► Taken ──► Done ──read──► Idle
//                  │    ▲             │
//         withdraw │    └──not now────┘
//                  ▼
//                 Idle
//
// Only the updated thread leaves Taken, only the asking one Done.
//
//===----------------------------------------------------------------------===//

#include "request.h"
#include "coordinator.h"
#include "environment.h"
#include "update.h"
#include "update_point.h"
#include "whereabouts.h"
#include <atomic>
#include <linux/futex.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

using namespace upstare;

namespace {

enum RequestState : int { Idle, Waiting, Taken, Done };

struct Request {
  std::atomic<int> State;
  std::atomic<bool> Applying; // by some temporary thread
  PreparedPatch *Patch;
  UpdateReport *Report;
  pid_t Asker; // its thread
  uint64_t AskedAt;
  uint64_t NotBefore; // next look at the stack
};
Request TheRequest;

void sleepOn(std::atomic<int> &State, int Value, uint64_t Nanoseconds) {
  timespec Time = {static_cast<time_t>(Nanoseconds / 1000000000u),
                   static_cast<long>(Nanoseconds % 1000000000u)};
  syscall(SYS_futex, &State, FUTEX_WAIT_PRIVATE, Value, &Time, nullptr, 0);
}

void finish(Request &R) {
  R.State.store(Done);
  syscall(SYS_futex, &R.State, FUTEX_WAKE_PRIVATE, 1, nullptr, nullptr, 0);
}

void finished(upstare_update &) { finish(TheRequest); }

Status whyNotReached(ErrorText &Message) {
  Status S = askWhereabouts(Message);
  return S == Status::Ok ? Message.fail(Status::NotReached) : S;
}

/// Interrupts the program until the update has been taken and done, or time is
/// up. The signal may come at a moment when it does not help (in a handler, in
/// a library), so that it is sent again, less and less often.
Status waitForUpdate(Request &R, uint64_t Deadline, UpdateReport &Report) {
  constexpr uint64_t FirstNap = 500 * 1000, LongestNap = 20 * 1000 * 1000;
  uint64_t Nap = FirstNap;
  for (;;) {
    int State = R.State.load();
    if (State == Done) {
      R.State.store(Idle);
      return Report.Result;
    }
    uint64_t Time = now();
    int Expected = Waiting;
    if (Time >= Deadline && R.State.compare_exchange_strong(Expected, Idle))
      return Report.Attempts ? Report.Result : whyNotReached(Report.Message);
    if (State == Waiting)
      interruptThread(mainThread().Tid);
    sleepOn(R.State, State, Nap);
    Nap = 2 * Nap < LongestNap ? 2 * Nap : LongestNap;
  }
}

Status applyPrepared(PreparedPatch &Patch, unsigned TimeoutMs,
                     UpdateReport &Report) {
  Request &R = TheRequest;
  R.Patch = &Patch;
  R.Report = &Report;
  R.Asker = static_cast<pid_t>(syscall(SYS_gettid));
  R.AskedAt = now();
  R.NotBefore = 0;
  R.State.store(Waiting);
  raiseRequest();
  Status S =
      waitForUpdate(R, R.AskedAt + uint64_t{TimeoutMs} * 1000 * 1000, Report);
  lowerRequestIfIdle();
  return S;
}

} // namespace

bool upstare::updateRequested() { return TheRequest.State.load() == Waiting; }

bool upstare::requestIsDue() {
  Request &R = TheRequest;
  return R.State.load() == Waiting && (!R.NotBefore || now() >= R.NotBefore);
}

void upstare::dropRequest() {
  TheRequest.State.store(Idle);
  TheRequest.Applying.store(false);
}

void upstare::updateForRequest(Thread &T, const BlockedCall *Call) {
  Request &R = TheRequest;
  if (!requestIsDue())
    return;
  int Expected = Waiting;
  if (!R.State.compare_exchange_strong(Expected, Taken))
    return;
  uint64_t Time = now();
  R.Report->Nanoseconds[static_cast<unsigned>(Phase::Park)] = Time - R.AskedAt;
  Status S = tryUpdate(T, Call, *R.Patch, *R.Report, R.Asker, finished);
  if (mayTryAgain(S)) {
    // Where an update is not possible the program comes to update points too,
    // perhaps very often: looking may take an eighth of its time.
    R.NotBefore = now() + 8 * (now() - Time);
    R.State.store(Waiting);
  } else {
    finish(R);
  }
}

Status upstare::applyUpdate(const char *Path, int Fd, unsigned TimeoutMs,
                            UpdateReport &Report) {
  memset(&Report, 0, sizeof Report);
  if (TheRequest.Applying.exchange(true)) {
    startReport(Report, Path);
    return Report.Result = Report.Message.fail(Status::Busy);
  }
  PreparedPatch *Patch = nullptr;
  startReport(Report, Path);
  Status S = prepare(Path, Fd, Patch, Report.Message);
  if (S == Status::Ok) {
    describePatch(Report, *Patch);
    S = lookThroughMemory(*Patch, Report);
  }
  if (S == Status::Ok)
    S = applyPrepared(*Patch, TimeoutMs, Report);
  Report.Result = S;
  if (S == Status::Ok)
    Report.Message.Text[0] = 0;
  if (Patch)
    releasePatch(Patch, S == Status::Ok);
  if (S != Status::Ok)
    appendToReportFile(Report); // of a commit, the updated thread has told
  TheRequest.Applying.store(false);
  return S;
}
