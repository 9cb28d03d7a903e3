//===- request.h - an operator's update, from asking to answer --*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// How an update travels from the temporary thread that prepares it to the
// thread that it is for, and back.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_RUNTIME_REQUEST_H
#define UPSTARE_RUNTIME_REQUEST_H

#include "thread.h"

namespace upstare {

/// Whether an update waits to be taken at an update point.
bool updateRequested();

/// Whether it is time to look whether the stack allows it.
bool requestIsDue();

/// Takes the update that waits, if there is one and the stack allows it. Does
/// not return if it is committed.
void updateForRequest(Thread &T, const BlockedCall *Call);

/// In the child of a fork: the temporary thread does not exist there.
void dropRequest();

} // namespace upstare

#endif // UPSTARE_RUNTIME_REQUEST_H
