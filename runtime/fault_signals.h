//===- fault_signals.h - signals of a thread's own doing --------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// While code runs that may crash, its faults come to the runtime instead of to
// the program's handlers. Signals of these numbers that were sent are kept for
// the program.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_RUNTIME_FAULT_SIGNALS_H
#define UPSTARE_RUNTIME_FAULT_SIGNALS_H

#include <signal.h>

namespace upstare {

/// From now on SIGSEGV, SIGBUS, SIGFPE, SIGILL and SIGABRT that the calling
/// thread raises call OnFault, which does not return. They are blocked before
/// and after.
void takeFaultSignals(void (*OnFault)(int Signal, const siginfo_t &Info));
void returnFaultSignals();

} // namespace upstare

#endif // UPSTARE_RUNTIME_FAULT_SIGNALS_H
