//===- coordinator.h - updates, from file to report -------------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The order of events of an update, and what the control connection may ask
// for.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_RUNTIME_COORDINATOR_H
#define UPSTARE_RUNTIME_COORDINATOR_H

#include "loader.h"
#include "report.h"
#include "retired_code.h"
#include "thread.h"
#include "versions.h"

struct upstare_update;

namespace upstare {

/// Reads, checks and loads the patch, from the descriptor Fd (which stays open)
/// or, if that is negative, from Path. The program goes on meanwhile. Must not
/// be called while another patch is being prepared.
Status prepare(const char *Path, int Fd, PreparedPatch *&Out, ErrorText &Error);

/// Everything that can be checked without stopping the program.
Status checkPatch(const char *Path, int Fd, UpdateReport &Report);

/// Prepares the patch, asks for the update, and waits until it is done or
/// TimeoutMs have passed. For a temporary thread; Report is complete at return,
/// and its Result is what is returned.
Status applyUpdate(const char *Path, int Fd, unsigned TimeoutMs,
                   UpdateReport &Report);

struct ProcessStatus {
  char Version[128];      // name of the version that runs
  char BuildId[41];       // empty: none
  uint64_t Updates;       // committed so far
  RetainedMemory Patches; // that are loaded
  uint64_t StackBytes;    // kept by old frames
  bool HasRoot;
  unsigned Threads; // the program's own; 0: cannot be counted
};
constexpr const char *CannotCountThreads =
    "/proc/self/task cannot be read to count the threads; in a chroot, mount "
    "/proc there";
void readStatus(ProcessStatus &Out);

/// Whether an update that ended with S may succeed a moment later.
bool mayTryAgain(Status S);

/// Checks, unrolls, transforms, commits. Does not return if it commits:
/// the thread goes on in the new version, after Finished was called. Else all
/// is as before, and Report.Result is returned. Asker: the temporary thread
/// that waits for it, or 0.
Status tryUpdate(Thread &T, const BlockedCall *Call, PreparedPatch &Patch,
                 UpdateReport &Report, pid_t Asker,
                 void (*Finished)(upstare_update &));

/// The thread that runs main.
Thread &mainThread();

/// Fills in what is known before the patch has been read ...
void startReport(UpdateReport &Report, const char *Path);
/// ... and what the patch says.
void describePatch(UpdateReport &Report, const PreparedPatch &Patch);

/// Last before the thread is parked: see memory_scan.h.
Status lookThroughMemory(PreparedPatch &Patch, UpdateReport &Report);

} // namespace upstare

#endif // UPSTARE_RUNTIME_COORDINATOR_H
