//===- environment.h - what the environment asks for ------------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Testing features, by environment variables (docs/operating.md). All are
// ignored in a program that runs with more rights than its user has.
//
//   UPSTARE_APPLY_AT=n:PATCH[,m:PATCH...]  update at the n-th update point
//   UPSTARE_COUNT=FILE    at exit, write the number of update points reached
//   UPSTARE_REPORT=FILE   append a line of JSON for every update
//   UPSTARE_FAIL_AT=STEP  fail at load, check, transform or commit
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_RUNTIME_ENVIRONMENT_H
#define UPSTARE_RUNTIME_ENVIRONMENT_H

#include "report.h"
#include "thread.h"

namespace upstare {

/// Reads the environment; called once, by the constructor.
void readEnvironment();

/// Prepares the first patch; called before main.
void prepareForEnvironment();

/// Whether every update point must be counted.
bool environmentWantsPoints();

/// Counts this update point, and says whether an update is due.
bool environmentIsDue();

/// Tries the update that is due, if one is.
void updateForEnvironment(Thread &T, const BlockedCall *Call);

/// Update points reached while they were counted.
uint64_t pointsReached();

/// Whether a failure is to be injected at Step.
bool injectFailure(const char *Step);

/// Appends the report to UPSTARE_REPORT's file, if there is one.
void appendToReportFile(const UpdateReport &Report);

/// Tells at exit what was counted and which updates did not happen.
void finishEnvironment();

} // namespace upstare

#endif // UPSTARE_RUNTIME_ENVIRONMENT_H
