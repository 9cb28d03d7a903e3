//===- blocked_call.h - a libc call that an update interrupted ---*- C++
//-*-===//
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
  Plain,          // issued again as it was
  Connect,        // likewise: the kernel went on with the connection
  Send,           // what was sent is not sent again (write, send, sendto)
  SendVector,     // writev
  SendMessage,    // sendmsg
  SendFile,       // sendfile
  Receive,        // MSG_WAITALL goes on after what it has (recv, recvfrom)
  ReceiveMessage, // recvmsg, likewise
  Poll,           // timeout in milliseconds
  PrecisePoll,    // ppoll
  EpollWait,      // epoll_wait, epoll_pwait
  Select,         // select, pselect
  Sleep,          // nanosleep, clock_nanosleep, sleep, usleep
  Suspend,        // pause, sigsuspend
  SignalWait      // sigwait, sigwaitinfo, sigtimedwait
};

/// BlockedCall::Flags.
enum BlockedFlags : uint32_t {
  CallHasTimeout = 1,    // Timeout counts
  CallHasDeadline = 2,   // and Deadline: the timeout was not zero
  CallHasMask = 4,       // all signals are blocked, Mask is the program's
  CallIsLater = 8,       // not the first issue
  CallIsCut = 16,        // pieces of CallPiece bytes
  CallOnSocket = 32,     // bytes were sent, and to a socket
  CallReturnsError = 64, // returns an error number in place of -1 and errno
  CallReturnsLeft = 128, // sleep(): returns the seconds left
  CallTellsTimeval =
      256, // select(): the timeout is a timeval, told what is left
  CallNeverRestarts = 512 // a handler ends it, SA_RESTART or not
};

/// What is left of one call.
struct BlockedCall {
  CallKind Kind;
  uint32_t Flags; // BlockedFlags
  int64_t Number; // of the system call at its first issue
  /// Its arguments; the pointers are the program's.
  int64_t Arguments[6];
  uint64_t Done;    // bytes that earlier issues transferred
  uint64_t Asked;   // bytes of the latest issue; 0: all
  int64_t Timeout;  // nanoseconds left at the latest look
  int64_t Deadline; // nanoseconds of Clock
  int32_t Clock;
  uint32_t ControlSize; // recvmsg: msg_controllen as the program gave it
  uint64_t Mask;        // the program's signal mask
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
