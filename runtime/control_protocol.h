//===- control_protocol.h - between upstare-ctl and a program -----*- C++
//-*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the tool and the runtime must agree on. Included by both; plain text.
//
//  1. The tool listens on an abstract unix socket whose name holds a random
//     number, and queues the update signal to the program with that number as
//     value. The kernel delivers it only to processes of the same user (or for
//     root).
//  2. The program connects at its next safe point. Each side checks by
//     SO_PEERCRED who the other is: the tool the process, the program the user.
//  3. The tool sends one request line:
//        upstare <version> <command> <milliseconds> <bytes of path>\n
//     followed by the path and, with the first byte, the open patch file as
//     SCM_RIGHTS: what is checked is what is loaded, whatever becomes of the
//     path. `status` has neither (0 bytes).
//     If it does not connect in time, the tool signals again with ExplainBit,
//     and the signal handler answers, with a refusal that holds the stack.
//  4. The program answers with one line of JSON and closes the connection:
//     {"ok":true|false,"status":"<name in error.def>","message":"...", ...}
//     The tool may close its end at any time; an update under way goes on.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_RUNTIME_CONTROL_PROTOCOL_H
#define UPSTARE_RUNTIME_CONTROL_PROTOCOL_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

namespace upstare {
namespace control {

constexpr int ProtocolVersion = 1;

/// In the signal's value, beside the number: the program has not come to a safe
/// point; it connects at once and answers with its stack, whatever the request.
constexpr uint64_t ExplainBit = 1;

/// Of the request line, newline and path included.
constexpr size_t MaxRequest = 8192;

/// Of the answer.
constexpr size_t MaxAnswer = 16384;

constexpr const char StatusCommand[] = "status";
constexpr const char CheckCommand[] = "check";
constexpr const char ApplyCommand[] = "apply";

/// The environment variable that chooses the update signal, and its default.
constexpr const char SignalVariable[] = "UPSTARE_SIGNAL";
inline int defaultSignal(int SigRtMax) { return SigRtMax - 1; }

/// The tool's socket; returns the size to give with it.
inline socklen_t socketAddress(uint64_t Nonce, sockaddr_un &Address) {
  memset(&Address, 0, sizeof(Address));
  Address.sun_family = AF_UNIX;
  // A leading NUL byte: a name of its own space, not a file.
  int Length = snprintf(Address.sun_path + 1, sizeof(Address.sun_path) - 1,
                        "upstare-%016llx", (unsigned long long)Nonce);
  return socklen_t(offsetof(sockaddr_un, sun_path) + 1 + size_t(Length));
}

} // namespace control
} // namespace upstare

#endif // UPSTARE_RUNTIME_CONTROL_PROTOCOL_H
