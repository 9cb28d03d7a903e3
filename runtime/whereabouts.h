//===- whereabouts.h - what a thread does that does not come ----*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// When the program does not come to a place where it can serve a request or be
// updated, whoever waits wants to know where it is instead. The handler of the
// update signal tells: it runs wherever the program is, in a handler that never
// returns, in a library, in a loop.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_RUNTIME_WHEREABOUTS_H
#define UPSTARE_RUNTIME_WHEREABOUTS_H

#include "error.h"
#include <stdint.h>

namespace upstare {

/// For a temporary thread: why the thread that runs main has not come to an
/// update point. Ok if it does not say (it is stopped, or has the signal
/// blocked); then Why is left alone.
Status askWhereabouts(ErrorText &Why);

/// The tool that waits on the socket named by Nonce wants to know.
/// Async-signal-safe.
void noteWhereaboutsRequest(uint64_t Nonce);

/// In the signal handler: answers those who have asked, if this is the thread
/// that runs main. Async-signal-safe.
void tellWhereabouts();

} // namespace upstare

#endif // UPSTARE_RUNTIME_WHEREABOUTS_H
