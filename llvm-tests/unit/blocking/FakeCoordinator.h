//===- FakeCoordinator.h - what a test does in place of an update -*- C++
//-*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_UNIT_BLOCKING_FAKECOORDINATOR_H
#define UPSTARE_UNIT_BLOCKING_FAKECOORDINATOR_H

#include "blocked_call.h"
#include <functional>
#include <string>
#include <sys/types.h>

namespace upstare {

/// The runtime's part that the blocking calls need, as a test wants it.
struct FakeCoordinator {
  /// Called by updateAt().
  std::function<void(const BlockedCall &)> OnUpdate;
  bool HasRoot = true;
  /// upstare_forward_typed(): bytes of [OldStart, OldEnd) are now Shift bytes
  /// further on, those from Removed on are gone.
  uintptr_t OldStart = 0, OldEnd = 0, Removed = ~uintptr_t(0);
  intptr_t Shift = 0;
  std::string Failure; // of upstare_fail()
};
extern FakeCoordinator Fake;

/// How often updateAt() was called. Shared with helpers.
unsigned visits();

/// Back to nothing, and the signal handler installed.
void resetFake();

/// Lets the update signal raise a request, as its sender does.
void requestWhenInterrupted();

/// Starts a process that runs Body and ends. If this process takes longer than
/// 30 s, it is killed: a test that hangs fails.
class Helper {
public:
  explicit Helper(const std::function<void()> &Body);
  ~Helper();

private:
  pid_t Body, Watchdog;
};

/// In a helper: waits until the parent sleeps in the kernel, sends it the
/// update signal, and waits until it has come to the update point.
void interruptParent();
/// In a helper: waits until the parent sleeps in the kernel.
void waitUntilParentSleeps();

} // namespace upstare

#endif // UPSTARE_UNIT_BLOCKING_FAKECOORDINATOR_H
