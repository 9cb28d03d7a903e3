//===- environment.cpp - what the environment asks for ----------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Answers: which updates, counts and failures does the environment ask for?
//
//===----------------------------------------------------------------------===//

#include "environment.h"
#include "coordinator.h"
#include "stack_walk.h"
#include "update.h"
#include "update_point.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

using namespace upstare;

namespace {

struct Environment {
  pid_t Pid; // of the process that was started with it
  char *CountFile;
  char *ReportFile;
  char *FailAt;
  Arena Texts; // the program may overwrite its environment

  uint64_t Points;

  // UPSTARE_APPLY_EVERY, begun when UPSTARE_APPLY_AT is done.
  uint64_t Every; // points from one update to the next; 0: none
  char *EveryPath;

  // The update that comes next.
  char *Rest; // of UPSTARE_APPLY_AT; null: no more
  uint64_t At;
  char *Path;
  PreparedPatch *Patch; // null: not prepared yet
  UpdateReport Report;
  uint64_t NotBefore; // next attempt; 0: at the next point
};
Environment Env;

void complain(const char *Format, const char *Detail) {
  char Line[sizeof(ErrorText) + 64] = "upstare: ";
  appendText(Line, sizeof Line - 1, Format, Detail);
  strcat(Line, "\n");
  // Unbuffered, and without the stdio of the program.
  ssize_t Written = write(STDERR_FILENO, Line, strlen(Line));
  (void)Written;
}

/// Moves on to the next "n:PATCH"; ends the list if there is none.
void readEntry() {
  Env.Path = nullptr;
  Env.Patch = nullptr;
  Env.NotBefore = 0;
  if (!Env.Rest && Env.Every) {
    Env.At = Env.Points + Env.Every;
    Env.Path = Env.EveryPath;
    memset(&Env.Report, 0, sizeof Env.Report);
  }
  if (!Env.Rest)
    return;
  char *Entry = Env.Rest;
  Env.Rest = strchr(Entry, ',');
  if (Env.Rest)
    *Env.Rest++ = 0;
  char *Colon;
  Env.At = strtoull(Entry, &Colon, 10);
  if (Colon == Entry || *Colon != ':' || !Colon[1]) {
    complain("UPSTARE_APPLY_AT ignored from here on: \"%s\" is not "
             "NUMBER:PATCH",
             Entry);
    Env.Rest = nullptr;
    return;
  }
  Env.Path = Colon + 1;
  memset(&Env.Report, 0, sizeof Env.Report);
}

/// "k:PATCH"
void readEvery(char *Text) {
  char *Colon;
  uint64_t Every = strtoull(Text, &Colon, 10);
  if (!Every || *Colon != ':' || !Colon[1]) {
    complain("UPSTARE_APPLY_EVERY ignored: \"%s\" is not NUMBER:PATCH", Text);
    return;
  }
  Env.Every = Every;
  Env.EveryPath = Colon + 1;
}

char *copyVariable(const char *Name) {
  const char *Text = secure_getenv(Name);
  return Text && *Text ? Env.Texts.copyText(Text) : nullptr;
}

/// The update that was to come has failed with what Env.Report says.
void giveUp(Status S) {
  Env.Report.Result = S;
  complain("update not done: %s", Env.Report.Message.Text);
  appendToReportFile(Env.Report);
  if (Env.Patch)
    releasePatch(Env.Patch, false);
  if (Env.Path == Env.EveryPath)
    Env.Every = 0; // it would fail again
  readEntry();
}

/// MayBeLater: before main runs. A library may be missing that the program will
/// load by dlopen.
bool prepareEntry(bool MayBeLater) {
  startReport(Env.Report, Env.Path);
  Env.Report.UpdatePoint = Env.Points;
  Status S = prepare(Env.Path, -1, Env.Patch, Env.Report.Message);
  if (S == Status::MissingLibrary && MayBeLater)
    return false;
  if (S != Status::Ok) {
    giveUp(S);
    return false;
  }
  describePatch(Env.Report, *Env.Patch);
  return true;
}

void finished(upstare_update &) {
  releasePatch(Env.Patch, true);
  readEntry();
}

void writeFile(const char *Path, int Flags, const char *Text, size_t Length) {
  int Fd = open(Path, O_WRONLY | O_CREAT | O_CLOEXEC | Flags, 0666);
  if (Fd < 0 || write(Fd, Text, Length) != static_cast<ssize_t>(Length))
    complain("cannot write %s", Path);
  if (Fd >= 0)
    close(Fd);
}

} // namespace

void upstare::readEnvironment() {
  Env.Pid = getpid();
  Env.CountFile = copyVariable("UPSTARE_COUNT");
  Env.ReportFile = copyVariable("UPSTARE_REPORT");
  Env.FailAt = copyVariable("UPSTARE_FAIL_AT");
  Env.Rest = copyVariable("UPSTARE_APPLY_AT");
  if (char *Every = copyVariable("UPSTARE_APPLY_EVERY"))
    readEvery(Every);
  readEntry();
}

void upstare::prepareForEnvironment() {
  if (Env.Path)
    prepareEntry(/*MayBeLater=*/true);
  if (environmentWantsPoints())
    raiseRequest();
}

bool upstare::environmentWantsPoints() { return Env.Path || Env.CountFile; }

uint64_t upstare::pointsReached() { return Env.Points; }

static bool nextIsDue() {
  return Env.Path && Env.Points >= Env.At &&
         (!Env.NotBefore || now() >= Env.NotBefore);
}

bool upstare::environmentIsDue() {
  if (environmentWantsPoints())
    ++Env.Points;
  return nextIsDue();
}

void upstare::updateForEnvironment(Thread &T, const BlockedCall *Call) {
  while (nextIsDue()) {
    // Loading allocates, which may not be possible in a signal handler.
    if (!Env.Patch && (!stackIsCalm(T) || !prepareEntry(/*MayBeLater=*/false)))
      return;
    Env.Report.UpdatePoint = Env.Points;
    uint64_t Began = now();
    Status S = Status::Ok;
    if (stackIsCalm(T))
      S = lookThroughMemory(*Env.Patch, Env.Report);
    if (S == Status::Ok)
      S = tryUpdate(T, Call, *Env.Patch, Env.Report, 0, finished);
    // No use in waiting for other threads here.
    if (mayTryAgain(S) && S != Status::OtherThreads) {
      // At the next point, perhaps. A program that comes to many points at
      // which it is not possible must not spend its time on trying.
      constexpr unsigned FewAttempts = 16;
      if (Env.Report.Attempts >= FewAttempts)
        Env.NotBefore = now() + 8 * (now() - Began);
      return;
    }
    giveUp(S);
  }
}

bool upstare::injectFailure(const char *Step) {
  return Env.FailAt && !strcmp(Env.FailAt, Step);
}

void upstare::appendToReportFile(const UpdateReport &Report) {
  if (!Env.ReportFile)
    return;
  char Line[16384];
  size_t Length = formatReport(Report, Line, sizeof Line - 1);
  if (Length >= sizeof Line - 1)
    return;
  Line[Length++] = '\n';
  writeFile(Env.ReportFile, O_APPEND, Line, Length);
}

void upstare::finishEnvironment() {
  if (Env.Pid != getpid())
    return;
  // Of a series, the end of the program is the end.
  if (Env.Every && Env.Path == Env.EveryPath && !Env.Report.Attempts)
    Env.Path = nullptr;
  Env.Every = 0;
  while (Env.Path) {
    if (!Env.Report.Attempts) {
      startReport(Env.Report, Env.Path);
      Env.Report.Message.fail(Status::NotReached, "only %llu were reached",
                              static_cast<unsigned long long>(Env.Points));
      Env.Report.Result = Status::NotReached;
    }
    giveUp(Env.Report.Result);
  }
  if (!Env.CountFile)
    return;
  char Line[32];
  int Length = snprintf(Line, sizeof Line, "%llu\n",
                        static_cast<unsigned long long>(Env.Points));
  writeFile(Env.CountFile, O_TRUNC, Line, static_cast<size_t>(Length));
}
