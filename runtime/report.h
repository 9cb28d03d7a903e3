//===- report.h - what an update did, and how long it took ------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the operator learns of one update, successful or not.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_RUNTIME_REPORT_H
#define UPSTARE_RUNTIME_REPORT_H

#include "error.h"
#include <stddef.h>
#include <stdint.h>

namespace upstare {

/// The steps of an update, in order. Prepare and Park pass while the program
/// runs; the others make up its pause.
enum class Phase : unsigned {
  Prepare,
  Park,
  Check,
  Snapshot,
  Unroll,
  Transform,
  Commit,
  Rebuild
};
constexpr unsigned PhaseCount = 8;

/// "prepare", ...
const char *phaseName(Phase P);

struct UpdateReport {
  Status Result;
  ErrorText Message; // empty on success
  char Patch[256];   // path as given
  char From[128];    // names of the versions, for people
  char To[128];
  char FromBuildId[41]; // in hexadecimal
  char ToBuildId[41];
  uint64_t Nanoseconds[PhaseCount];
  uint64_t PauseNanoseconds; // from Check to Rebuild
  uint64_t Frames;           // records written by the unroll
  uint64_t SnapshotBytes;
  uint64_t RecordBytes;
  uint64_t MovedObjects;
  uint64_t ForwardedPointers; // written in storage that stays
  uint64_t UntypedWords;   // that lead into what moves; of them those of which
  uint64_t UndecidedWords; // the user does not say what to do
  uint64_t MemoryBytes;    // without types, that were looked through for them
  uint64_t PatchedEntries;
  uint64_t StackBytes;  // below main, that old frames keep from new ones
  uint64_t Attempts;    // how often the stack was looked at
  uint64_t UpdatePoint; // number of the update point, counted from 1
};

/// Writes the report as one line of JSON, without newline; returns its length
/// as snprintf would.
size_t formatReport(const UpdateReport &Report, char *Buffer, size_t Size);

/// Writes Text as a JSON string with quotes; returns what snprintf would.
size_t formatJsonString(const char *Text, char *Buffer, size_t Size);

/// Nanoseconds of the monotonic clock.
uint64_t now();

/// Measures consecutive phases.
class PhaseClock {
public:
  void start(UpdateReport &R) {
    Report = &R;
    Last = now();
  }
  /// Ends the phase that began with start() or the previous end().
  void end(Phase P) {
    uint64_t Time = now();
    Report->Nanoseconds[static_cast<unsigned>(P)] += Time - Last;
    Last = Time;
  }

private:
  UpdateReport *Report;
  uint64_t Last;
};

} // namespace upstare

#endif // UPSTARE_RUNTIME_REPORT_H
