//===- rebuild.cpp - entering the new version -------------------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Answers: how does the program go on after the commit?
//
//===----------------------------------------------------------------------===//

#include "rebuild.h"
#include "environment.h"
#include "update_point.h"
#include <errno.h>

using namespace upstare;

static upstare_update *Rebuilding;

void upstare::releaseUpdate(upstare_update &Update) {
  Update.Unrolled.Records.release();
  Update.Unrolled.Index.release();
  Update.Memory.release();
}

/// The last step: the stack is rebuilt, and the caller is its innermost frame.
/// Neither the records nor the patch's own bookkeeping is needed any more.
static void finishUpdate() {
  upstare_update &Update = *Rebuilding;
  Thread &T = *Update.T;
  UpdateReport &Report = *Update.Report;
  Update.Clock.end(Phase::Rebuild);
  Report.PauseNanoseconds = now() - Update.PauseBegan;
  Report.Result = Status::Ok;
  Report.Message.Text[0] = 0;
  releaseUpdate(Update);
  appendToReportFile(Report);
  Update.Finished(Update); // may release the report and the patch
  lowerRequestIfIdle();
  // Handlers that have waited run before the mask is restored wholly, and may
  // come to update points.
  int Errno = T.Errno;
  T.Busy = false;
  reinterpret_cast<ParkedSignals *>(T.Parked)->~ParkedSignals();
  errno = Errno;
}

/// next_rebuild of a frame at an update point.
static void resumeUpdatePoint(upstare_frame *) { finishUpdate(); }

/// next_rebuild of a frame that is in a blocking call.
static long resumeBlockedCall(upstare_frame *Record) {
  finishUpdate();
  return upstare_resume_blocked_call(Record);
}

void upstare::rebuild(upstare_update &Update) {
  Thread &T = *Update.T;
  Rebuilding = &Update;
  void *Rebuild = Update.IsBlocked
                      ? reinterpret_cast<void *>(resumeBlockedCall)
                      : reinterpret_cast<void *>(resumeUpdatePoint);
  upstare_frame *Record = &T.Blocked.Head;
  for (size_t I = 0; I != Update.Unrolled.Count; ++I) {
    const NewFrame &Frame = Update.Frames[I];
    Frame.Record->next_rebuild = Rebuild;
    Frame.Record->next_frame = Record;
    Rebuild = Frame.Point->frame->rebuild;
    Record = Frame.Record;
  }
  upstareStartRebuild(&T, T.CallSp, Rebuild, Record, &Update.Modes);
}
