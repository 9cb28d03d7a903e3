//===- syscall_window.h - a system call that can be left ----------*- C++
//-*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// C++ side of syscall_window_<machine>.S: what the blocking calls and the
// signal handler share.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_RUNTIME_SYSCALL_WINDOW_H
#define UPSTARE_RUNTIME_SYSCALL_WINDOW_H

#include <stdint.h>

namespace upstare {

/// How the window was left.
enum class WindowExit : long {
  Returned = 0, // the kernel's result
  Seen = 1,     // SignalSeen was set: not issued, Value is -EINTR
  Signalled = 2 // by the update signal's handler: Value is -EINTR, or what the
                // kernel returned when it stopped for the signal; all signals
                // are blocked now, InterruptedMask is the mask to go back to
};

struct WindowResult {
  long Value;
  WindowExit How;
};

/// Set by each arrival of the update signal in this thread.
extern __thread int SignalSeen __attribute__((tls_model("initial-exec")));

/// The signal mask of the code that the handler made leave the window.
extern __thread uint64_t InterruptedMask
    __attribute__((tls_model("initial-exec")));

} // namespace upstare

extern "C" {
upstare::WindowResult upstare_syscall_window(const int *SignalSeen, long Number,
                                             long A0, long A1, long A2, long A3,
                                             long A4, long A5);
extern const char upstare_window_begin[], upstare_window_end[],
    upstare_window_cancel[], upstare_window_stopped[];
}

#endif // UPSTARE_RUNTIME_SYSCALL_WINDOW_H
