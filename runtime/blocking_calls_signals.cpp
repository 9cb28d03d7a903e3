//===- blocking_calls_signals.cpp - the program's masks and handlers
//-------===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The program can neither block the update signal nor take it over: it is left
// out of masks without a word (so that "block all" still succeeds), while a
// handler of its own for it is refused with EINVAL, as for SIGKILL.
// UPSTARE_SIGNAL moves the update signal elsewhere for a program that needs
// this one.
//
//===----------------------------------------------------------------------===//

#include "export.h"
#include "signals.h"
#include <errno.h>
#include <string.h>

using namespace upstare;

/// A mask of the program's without the update signal.
static const sigset_t *withoutOurs(const sigset_t *Set, sigset_t &Room) {
  if (!Set)
    return nullptr;
  Room = *Set;
  sigdelset(&Room, updateSignal());
  return &Room;
}

UPSTARE_EXPORT int upstare_sigprocmask(int How, const sigset_t *Set,
                                       sigset_t *Old) {
  sigset_t Room;
  return sigprocmask(How, withoutOurs(Set, Room), Old);
}

UPSTARE_EXPORT int upstare_pthread_sigmask(int How, const sigset_t *Set,
                                           sigset_t *Old) {
  sigset_t Room;
  return pthread_sigmask(How, withoutOurs(Set, Room), Old);
}

UPSTARE_EXPORT int upstare_sigaction(int Signal, const struct sigaction *Action,
                                     struct sigaction *Old) {
  if (Signal == updateSignal()) {
    if (Action) {
      errno = EINVAL;
      return -1;
    }
    if (Old)
      memset(Old, 0, sizeof(*Old)); // SIG_DFL
    return 0;
  }
  if (!Action)
    return sigaction(Signal, nullptr, Old);
  // A handler that leaves by longjmp() keeps this mask.
  struct sigaction Ours = *Action;
  sigdelset(&Ours.sa_mask, updateSignal());
  return sigaction(Signal, &Ours, Old);
}

template <typename Install>
static sighandler_t unlessOurs(int Signal, Install InstallHandler) {
  if (Signal != updateSignal())
    return InstallHandler();
  errno = EINVAL;
  return SIG_ERR;
}

UPSTARE_EXPORT sighandler_t upstare_signal(int Signal, sighandler_t Handler) {
  return unlessOurs(Signal, [&] { return signal(Signal, Handler); });
}

UPSTARE_EXPORT sighandler_t upstare_sysv_signal(int Signal,
                                                sighandler_t Handler) {
  return unlessOurs(Signal, [&] { return sysv_signal(Signal, Handler); });
}
