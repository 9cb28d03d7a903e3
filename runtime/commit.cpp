//===- commit.cpp - from one version to the next ----------------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Answers: what changes in the old version's memory, and when?
//
//===----------------------------------------------------------------------===//

#include "commit.h"
#include "entry_patching.h"
#include "environment.h"
#include "images.h"
#include "outsiders.h"
#include "retired_code.h"
#include "stack_room.h"
#include "versions.h"
#include "write_window.h"
#include <string.h>

using namespace upstare;

/// Everything that can fail.
static Status openWindow(upstare_update &Update, WriteWindow &Window) {
  PreparedPatch &Patch = *Update.Patch;
  ErrorText &Message = Update.Report->Message;
  Status S = Status::Ok;
  for (size_t I = 0; S == Status::Ok && I != Patch.JumpRunCount; ++I)
    S = Window.open(Patch.JumpRuns[I].Begin,
                    Patch.JumpRuns[I].End - Patch.JumpRuns[I].Begin, Message);
  for (size_t I = 0; S == Status::Ok && I != Update.Writes.Count; ++I)
    S = Window.open(reinterpret_cast<uintptr_t>(Update.Writes[I].Slot),
                    sizeof(void *), Message);
  if (S == Status::Ok)
    S = openExports(Patch, Window, Message);
  if (S == Status::Ok && injectFailure("commit"))
    S = Message.fail(Status::Injected, "commit");
  return S;
}

Status upstare::commit(upstare_update &Update) {
  PreparedPatch &Patch = *Update.Patch;
  WriteWindow Window(Update.Memory);
  Status S = openWindow(Update, Window);
  if (S != Status::Ok)
    return S;
  if (!noteCommit(Patch))
    return Update.Report->Message.fail(Status::OutOfMemory);
  for (size_t I = 0; I != Update.Writes.Count; ++I)
    memcpy(Update.Writes[I].Slot, &Update.Writes[I].Value, sizeof(void *));
  patchEntries(Patch.Jumps, Patch.JumpCount);
  changeExports(Patch);
  const upstare_patch *Before = currentVersion().Tables;
  setCurrentVersion(Patch.Tables, Patch.Image, Patch.newName(), Patch.Path,
                    Patch.File.Header.Head->new_build_id, Patch.OldCode);
  if (Patch.Tables->requested)
    replaceRequestFlag(Before ? Before->requested : nullptr,
                       Patch.Tables->requested);
  Update.T->Blocked = Update.Blocked;
  noteStackUse(Update);
  Update.T->Kept = Update.Kept;
  Update.T->CallSp = Update.NewCallSp;
  Update.Report->StackBytes = Update.T->RootSp - Update.T->CallSp;
  Update.Report->MovedObjects = Update.Moved.Count;
  Update.Report->ForwardedPointers = Update.Writes.Count;
  Update.Report->PatchedEntries = Patch.JumpCount;
  return Status::Ok;
}
