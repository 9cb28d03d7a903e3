//===- control.h - requests of upstare-ctl ------------------------*- C++
//-*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// How an operator's request reaches the process. While idle there is neither a
// thread nor a socket: the tool queues the update signal with a random number
// as value, and at the next safe point the process connects to the tool's
// socket of that name, checks whose it is, and serves one request in a
// temporary thread.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_RUNTIME_CONTROL_H
#define UPSTARE_RUNTIME_CONTROL_H

#include "error.h"
#include <stdint.h>

namespace upstare {

/// Records that a tool waits on the socket named by Nonce, or (ExplainBit) why
/// it is not served. Async-signal-safe: called by the signal handler, before
/// raiseRequest().
void noteControlRequest(uint64_t Nonce);

/// Answers the tool that waits there. Async-signal-safe.
void refuseTool(uint64_t Nonce, Status S, const char *Why);

/// Whether a tool waits for an answer.
bool controlRequested();

/// Starts the temporary thread that answers, and returns at once. Called at
/// an update point or in a blocking call, when the stack shows that no signal
/// handler is active (starting a thread allocates). Does nothing when no tool
/// waits, or while another request is being served.
void serveControl();

} // namespace upstare

#endif // UPSTARE_RUNTIME_CONTROL_H
