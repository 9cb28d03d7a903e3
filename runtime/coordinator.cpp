//===- coordinator.cpp - updates, from file to report -----------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Answers: in which order does an update happen?
//
//   prepare     in a temporary thread, while the program runs
//   look        through memory without types, in the same way
//   park        request.cpp: the thread comes to an update point
//   check       the stack is instrumented code down to the root
//   snapshot
//   unroll      every frame writes its record
//   transform   on a stack apart, with the thread's own put back as it was
//   commit      or abort: the saved registers are restored
//   rebuild     every new function is entered at its place
//   report
//
// All signals are held back meanwhile, and nothing here allocates,
// locks, or calls into the program (but for the patch's transformers).
//
//===----------------------------------------------------------------------===//

#include "coordinator.h"
#include "commit.h"
#include "crash_guard.h"
#include "environment.h"
#include "frame_mapping.h"
#include "memory_scan.h"
#include "rebuild.h"
#include "stack_room.h"
#include "stack_walk.h"
#include "transform.h"
#include "untyped_words.h"
#include "update.h"
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace upstare;

static upstare_update TheUpdate;
static Thread MainThread;

Thread &upstare::mainThread() { return MainThread; }

bool upstare::mayTryAgain(Status S) {
  return S == Status::NotNow || S == Status::CannotMap ||
         S == Status::OtherThreads || S == Status::NoStack;
}

/// Threads of the process, the runtime's temporary one included; 0 if that
/// cannot be known.
static unsigned countThreads() {
  struct stat Info;
  // A directory has a link for each subdirectory, and two more.
  return stat("/proc/self/task", &Info) || Info.st_nlink < 3
             ? 0
             : static_cast<unsigned>(Info.st_nlink - 2);
}

static Status checkThreads(unsigned TemporaryThreads, ErrorText &Error) {
  unsigned Threads = countThreads();
  if (!Threads)
    return Error.fail(Status::System, CannotCountThreads);
  if (Threads > 1 + TemporaryThreads)
    return Error.fail(Status::OtherThreads, "%u of its own",
                      Threads - TemporaryThreads);
  return Status::Ok;
}

static Status injected(const char *Step, ErrorText &Error) {
  return injectFailure(Step) ? Error.fail(Status::Injected, "%s", Step)
                             : Status::Ok;
}

void upstare::startReport(UpdateReport &Report, const char *Path) {
  const Version &Running = currentVersion();
  snprintf(Report.Patch, sizeof Report.Patch, "%s", Path);
  snprintf(Report.From, sizeof Report.From, "%s", Running.Name);
  if (Running.HasBuildId)
    formatBuildId(Running.BuildId, Report.FromBuildId);
}

void upstare::describePatch(UpdateReport &Report, const PreparedPatch &Patch) {
  snprintf(Report.To, sizeof Report.To, "%s", Patch.newName());
  formatBuildId(Patch.File.Header.Head->new_build_id, Report.ToBuildId);
  Report.Nanoseconds[static_cast<unsigned>(Phase::Prepare)] =
      Patch.PrepareNanoseconds;
}

static Status readAndLoad(PreparedPatch &Patch, const char *Path, int Fd,
                          ErrorText &Error) {
  // Not blocking: the path may name a pipe, which is refused later.
  int Own =
      Fd < 0 ? open(Path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY) : -1;
  if (Fd < 0 && Own < 0)
    return Error.failErrno(Status::CannotOpen, "%s", Path);
  Status S = readPatchFile(Fd < 0 ? Own : Fd, Patch.File, Error);
  if (Own >= 0)
    close(Own);
  if (S == Status::Ok)
    S = checkVersion(Patch, Error);
  if (S == Status::Ok)
    S = loadPatch(Patch, Error);
  return S == Status::Ok ? injected("load", Error) : S;
}

Status upstare::prepare(const char *Path, int Fd, PreparedPatch *&Out,
                        ErrorText &Error) {
  uint64_t Began = now();
  if (!MainThread.StackAddress)
    return Error.fail(Status::NoRoot);
  Status S = checkThreads(self() ? 0 : 1, Error);
  if (S != Status::Ok)
    return S;
  Arena Memory;
  auto *Patch =
      static_cast<PreparedPatch *>(Memory.allocate(sizeof(PreparedPatch)));
  if (!Patch)
    return Error.fail(Status::OutOfMemory);
  Patch->Memory = Memory;
  Patch->File.Fd = -1;
  snprintf(Patch->Path, sizeof Patch->Path, "%s", Path);
  S = readAndLoad(*Patch, Path, Fd, Error);
  if (S != Status::Ok) {
    releasePatch(Patch, false);
    return S;
  }
  Patch->StackArea = stackBounds(MainThread.StackAddress);
  warmUpUnwinder();
  Patch->PrepareNanoseconds = now() - Began;
  Out = Patch;
  return Status::Ok;
}

Status upstare::lookThroughMemory(PreparedPatch &Patch, UpdateReport &Report) {
  uint64_t Began = now();
  Status S = scanMemory(Patch, MainThread.RootSp, Report.Message);
  Report.MemoryBytes = Patch.MemoryBytes;
  Report.Nanoseconds[static_cast<unsigned>(Phase::Prepare)] += now() - Began;
  return S;
}

Status upstare::checkPatch(const char *Path, int Fd, UpdateReport &Report) {
  memset(&Report, 0, sizeof Report);
  startReport(Report, Path);
  PreparedPatch *Patch = nullptr;
  Report.Result = prepare(Path, Fd, Patch, Report.Message);
  if (Patch) {
    describePatch(Report, *Patch);
    Report.Result = lookThroughMemory(*Patch, Report);
    if (Report.Result == Status::Ok)
      Report.Result = checkWords(*Patch, Report);
    releasePatch(Patch, false);
  }
  return Report.Result;
}

void upstare::readStatus(ProcessStatus &Out) {
  const Version &Running = currentVersion();
  memset(&Out, 0, sizeof Out);
  snprintf(Out.Version, sizeof Out.Version, "%s", Running.Name);
  if (Running.HasBuildId)
    formatBuildId(Running.BuildId, Out.BuildId);
  Out.Updates = Running.Updates;
  Out.Patches = retainedMemory();
  Out.StackBytes = MainThread.RootSp - MainThread.CallSp;
  Out.HasRoot = MainThread.RootSp;
  unsigned Threads = countThreads();
  Out.Threads = Threads ? Threads - (self() ? 0 : 1) : 0;
}

static Status check(upstare_update &Update, unsigned TemporaryThreads) {
  ErrorText &Message = Update.Report->Message;
  // The version may have changed since the patch was prepared.
  Status S = checkVersion(*Update.Patch, Message);
  if (S == Status::Ok)
    S = checkThreads(TemporaryThreads, Message);
  if (S == Status::Ok)
    S = checkStack(*Update.T, Update.Patch->Instrumented, Message);
  if (S == Status::Ok)
    S = checkRoomToUnroll(Update.Patch->StackArea,
                          reinterpret_cast<uintptr_t>(Update.Context), Message);
  return S == Status::Ok ? injected("check", Message) : S;
}

/// The way back. New objects may lie where old frames are; nothing else has
/// changed.
[[noreturn]] static void giveUp(upstare_update &Update, Status S) {
  Update.Stack.restore();
  upstareReturnTo(Update.Context, static_cast<long>(S));
}

/// The second half, on the stack apart.
static void goOn(void *Argument) {
  auto &Update = *static_cast<upstare_update *>(Argument);
  Update.Stack.restore();
  Update.Clock.end(Phase::Unroll);
  Update.Report->Frames = Update.Unrolled.Count;
  Update.Report->RecordBytes = Update.Unrolled.Records.used();
  Status S = Update.Unrolled.Result;
  if (S == Status::Ok)
    S = mapFrames(Update);
  if (S == Status::Ok)
    S = runGuarded(Update, transform, giveUp);
  if (S == Status::Ok)
    S = injected("transform", Update.Report->Message);
  Update.Clock.end(Phase::Transform);
  if (S == Status::Ok)
    S = commit(Update);
  if (S != Status::Ok)
    giveUp(Update, S);
  Update.Clock.end(Phase::Commit);
  rebuild(Update);
}

static void takeWarmMemory(upstare_update &Update) {
  PreparedPatch &Patch = *Update.Patch;
  Update.Memory = Patch.WarmMemory;
  Update.Unrolled.Records = Patch.WarmRecords;
  Patch.WarmMemory = Patch.WarmRecords = Arena();
}

/// The first half. Returns only if nothing has been unrolled.
static long start(SavedContext *Context, void *Argument) {
  auto &Update = *static_cast<upstare_update *>(Argument);
  Update.Context = Context;
  Update.Modes = *Context;
  Status S = check(Update, Update.TemporaryThreads);
  Update.Clock.end(Phase::Check);
  if (S != Status::Ok)
    return static_cast<long>(S);
  takeWarmMemory(Update);
  if (!Update.Stack.take(reinterpret_cast<uintptr_t>(Context), Update.T->CallSp,
                         Update.Memory))
    return static_cast<long>(Update.Report->Message.fail(Status::OutOfMemory));
  Update.Report->SnapshotBytes = Update.Stack.size();
  Update.Clock.end(Phase::Snapshot);
  Unroll &U = Update.Unrolled;
  U.T = Update.T;
  U.Instrumented = &Update.Patch->Instrumented;
  U.StackTop = Update.Patch->stackTop();
  U.Landed = goOn;
  U.Owner = &Update;
  U.Why = &Update.Report->Message;
  unroll(U);
}

Status upstare::tryUpdate(Thread &T, const BlockedCall *Call,
                          PreparedPatch &Patch, UpdateReport &Report,
                          pid_t Asker, void (*Finished)(upstare_update &)) {
  upstare_update &Update = TheUpdate;
  Update = upstare_update();
  Update.T = &T;
  Update.Patch = &Patch;
  Update.Report = &Report;
  Update.Finished = Finished;
  Update.TemporaryThreads = Asker ? 1 : 0;
  Update.IsBlocked = Call;
  if (Call)
    Update.Blocked.Call = *Call;
  for (unsigned P = static_cast<unsigned>(Phase::Check); P != PhaseCount; ++P)
    Report.Nanoseconds[P] = 0;
  ++Report.Attempts;
  Update.PauseBegan = now();
  Update.Clock.start(Report);
  auto S = static_cast<Status>(upstareSaveAndCall(start, &Update));
  // Only an abort comes here.
  Report.Result = S;
  Report.PauseNanoseconds = now() - Update.PauseBegan;
  releaseUpdate(Update);
  return S;
}
