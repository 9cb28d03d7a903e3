//===- call_time.cpp - timeouts of blocking calls
//--------------------------===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// See call_time.h.
//
//===----------------------------------------------------------------------===//

#include "call_time.h"

using namespace upstare;

static int64_t now(clockid_t Clock) {
  timespec Time = {0, 0};
  clock_gettime(Clock, &Time);
  return toNanoseconds(Time.tv_sec, Time.tv_nsec);
}

void upstare::setTimeout(BlockedCall &Call, int64_t Nanoseconds,
                         clockid_t Clock) {
  Call.Flags |= CallHasTimeout;
  Call.Timeout = Nanoseconds;
  if (Nanoseconds == 0)
    return;
  Call.Flags |= CallHasDeadline;
  Call.Clock = Clock;
  if (__builtin_add_overflow(now(Clock), Nanoseconds, &Call.Deadline))
    Call.Deadline = INT64_MAX;
}

void upstare::updateTimeLeft(BlockedCall &Call) {
  if (!(Call.Flags & CallHasDeadline) || Call.Deadline == INT64_MAX)
    return;
  int64_t Left = Call.Deadline - now(Call.Clock);
  Call.Timeout = Left > 0 ? Left : 0;
}
