//===- blocked_call.h - a libc call that an update interrupted ---*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What is left to do of a libc call in which the thread is parked: plain data
// that the update copies into the innermost record and that the new version
// goes on from. The call itself, its wrappers and its rules are in
// blocking_calls.h.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_RUNTIME_BLOCKED_CALL_H
#define UPSTARE_RUNTIME_BLOCKED_CALL_H

#include "upstare/abi.h"
#include <type_traits>

namespace upstare {

/// How a call goes on after an interruption, and how its result is told.
enum class CallKind : uint32_t {
  Plain,      // issued again as it was
  Connect,    // as Plain; the kernel goes on with the connection by itself
  Send,       // bytes already sent are not sent again (write, send, sendto)
  SendVector, // likewise (writev)
  SendMessage,
  SendFile,
  Receive,    // as Plain, but MSG_WAITALL goes on after bytes it already has
  ReceiveMessage,
  Poll,       // timeout in milliseconds (poll, epoll_wait)
  TimedWait,  // timeout in a timespec that stays (ppoll, pselect, sigtimedwait)
  Select,     // timeout in a timeval that is told the time left
  Sleep,      // timeout in a timespec (nanosleep, clock_nanosleep, usleep)
  SleepSeconds // as Sleep; returns the seconds left
};

/// What is left of one call.
struct BlockedCall {
  CallKind Kind;
  uint32_t Flags; // BlockedFlags
  int64_t Number; // of the system call
  /// Of the system call, as at its first issue; pointers point into the
  /// program. Those that the flags do not name are plain numbers.
  int64_t Arguments[6];
  uint64_t Done;     // bytes that earlier pieces transferred
  int64_t Deadline;  // nanoseconds of Clock, if HasDeadline
  int32_t Clock;
  uint32_t Spare;
  uint64_t Mask; // the program's signal mask, if HasMask: all are blocked now
};
static_assert(std::is_trivially_copyable<BlockedCall>::value,
              "records are copied byte by byte");

/// The innermost record of a thread that is parked in a call.
struct BlockedCallRecord {
  upstare_frame Head;
  BlockedCall Call;
};

/// The libc name of the call, for messages: "read".
const char *callName(const BlockedCall &Call);

/// Lets the arguments of Call point to the new places of what this update
/// moved. Fails the update (upstare_fail) when a buffer is not whole there.
void forwardArguments(BlockedCall &Call, upstare_update *Update);

} // namespace upstare

/// next_rebuild of the frame below a blocked call: Record is a
/// BlockedCallRecord. Does what is left of the call and returns its result, as
/// the libc function would (errno set). The update must be finished (request
/// flags down, messages sent) before it is called, since it may wait for long.
extern "C" long upstare_resume_blocked_call(upstare_frame *Record);

#endif // UPSTARE_RUNTIME_BLOCKED_CALL_H
