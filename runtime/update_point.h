//===- update_point.h - where a thread comes to be updated ------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the blocking calls and the signal handler need of the coordinator.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_RUNTIME_UPDATE_POINT_H
#define UPSTARE_RUNTIME_UPDATE_POINT_H

namespace upstare {

struct BlockedCall;

/// Non-zero while some request stands: set together with the images' flags,
/// cleared together with them.
extern int RequestPending;

/// Sets RequestPending and the request flags of all images. Async-signal-safe.
void raiseRequest();

/// Clears them, unless something still has to be done at an update point.
void lowerRequestIfIdle();

/// Whether the calling thread has a root, that is, can be updated at all.
bool hasRoot();

/// The body of an update point in a blocking call; counts as a reached update
/// point, and serves a control request. Returns if nothing happened, the update
/// was aborted, or it cannot be done here; on commit it does not return.
void updateAt(const BlockedCall *Call);

} // namespace upstare

#endif // UPSTARE_RUNTIME_UPDATE_POINT_H
