//===- call_time.h - timeouts of blocking calls -------------------*- C++
//-*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Timeouts as nanoseconds, which saturate (at 292 years, as the kernel's), and
// the deadline that a call keeps over interruptions.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_RUNTIME_CALL_TIME_H
#define UPSTARE_RUNTIME_CALL_TIME_H

#include "blocked_call.h"
#include <sys/time.h>
#include <time.h>

namespace upstare {

constexpr int64_t NanosecondsPerSecond = 1000000000;

inline int64_t toNanoseconds(int64_t Seconds, int64_t Rest) {
  int64_t Result;
  if (__builtin_mul_overflow(Seconds, NanosecondsPerSecond, &Result) ||
      __builtin_add_overflow(Result, Rest, &Result))
    return INT64_MAX;
  return Result;
}

inline timespec toTimespec(int64_t Nanoseconds) {
  return {time_t(Nanoseconds / NanosecondsPerSecond),
          long(Nanoseconds % NanosecondsPerSecond)};
}

/// Whether the kernel would take it; what it would not is left to the kernel.
inline bool isValid(const timespec &Time) {
  return Time.tv_sec >= 0 && Time.tv_nsec >= 0 &&
         Time.tv_nsec < NanosecondsPerSecond;
}

/// Gives Call a timeout, from now, on Clock.
void setTimeout(BlockedCall &Call, int64_t Nanoseconds,
                clockid_t Clock = CLOCK_MONOTONIC);

/// Sets Call.Timeout to what is left until the deadline, if it has one.
void updateTimeLeft(BlockedCall &Call);

} // namespace upstare

#endif // UPSTARE_RUNTIME_CALL_TIME_H
