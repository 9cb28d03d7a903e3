//===- signals.cpp - the update signal
//-------------------------------------===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// See signals.h. What runs in the handler may only store to memory and enter
// the kernel: no allocation, no lock, no stdio, no function that sets errno.
//
//===----------------------------------------------------------------------===//

#include "signals.h"
#include "control.h"
#include "control_protocol.h"
#include "syscall_window.h"
#include "update_point.h"
#include "whereabouts.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

using namespace upstare;

__thread int upstare::SignalSeen = 0;
__thread uint64_t upstare::InterruptedMask = 0;

/// Signals that the thread's own code raises (blocking them would only make the
/// kernel kill the process without asking its handler), and the two that glibc
/// keeps for itself and waits for (SIGCANCEL, SIGSETXID).
static constexpr int NeverParked[] = {SIGSEGV, SIGBUS,  SIGFPE, SIGILL, SIGTRAP,
                                      SIGSYS,  SIGABRT, 32,     33};

static uint64_t maskOfParked() {
  uint64_t Mask = ~uint64_t(0);
  for (int Signal : NeverParked)
    Mask &= ~(uint64_t(1) << (Signal - 1));
  return Mask;
}

static int chooseSignal() {
  int Default = control::defaultSignal(SIGRTMAX);
  const char *Text = secure_getenv(control::SignalVariable);
  if (!Text || !*Text)
    return Default;
  char *End;
  long Number = strtol(Text, &End, 10);
  if (!*End && Number >= SIGRTMIN && Number <= SIGRTMAX)
    return int(Number);
  fprintf(stderr,
          "upstare: UPSTARE_SIGNAL=%s ignored: it must be a real-time signal, "
          "%d to %d\n",
          Text, SIGRTMIN, SIGRTMAX);
  return Default;
}

int upstare::updateSignal() {
  static int Number = 0;
  if (!Number)
    Number = chooseSignal();
  return Number;
}

/// If the thread is in the window, lets it go on at the way out that matches
/// what the kernel did, with all signals blocked until the call is issued
/// again: what arrives meanwhile must interrupt the call as if it had never
/// been left.
static void leaveWindow(ucontext_t &Context) {
  greg_t *Registers = Context.uc_mcontext.gregs;
  auto At = [&](const char *Label) {
    return Registers[REG_RIP] == greg_t(uintptr_t(Label));
  };
  bool Inside = Registers[REG_RIP] >= greg_t(uintptr_t(upstare_window_begin)) &&
                Registers[REG_RIP] < greg_t(uintptr_t(upstare_window_end));
  if (!Inside && !At(upstare_window_end))
    return;
  bool Nothing = Inside || Registers[REG_RAX] == -EINTR;
  Registers[REG_RIP] = greg_t(
      uintptr_t(Nothing ? upstare_window_cancel : upstare_window_stopped));
  // The kernel's mask is the first 64 bits of glibc's sigset_t.
  memcpy(&InterruptedMask, &Context.uc_sigmask, sizeof(InterruptedMask));
  uint64_t Parked = maskOfParked() | InterruptedMask;
  memcpy(&Context.uc_sigmask, &Parked, sizeof(Parked));
}

static void onUpdateSignal(int, siginfo_t *Info, void *Context) {
  SignalSeen = 1;
  if (Info->si_code == SI_QUEUE && Info->si_value.sival_ptr &&
      (Info->si_uid == 0 || Info->si_uid == geteuid())) {
    noteControlRequest(uint64_t(uintptr_t(Info->si_value.sival_ptr)));
    raiseRequest();
    // The kernel gives a signal for the process to any thread that does not
    // block it; the one that can be updated is the first.
    if (pid_t(syscall(SYS_gettid)) != getpid())
      interruptThread(getpid());
  }
  tellWhereabouts();
  leaveWindow(*static_cast<ucontext_t *>(Context));
}

bool upstare::installUpdateSignal() {
  struct sigaction Action;
  memset(&Action, 0, sizeof(Action));
  Action.sa_sigaction = onUpdateSignal;
  Action.sa_flags = SA_SIGINFO | SA_RESTART;
  sigfillset(&Action.sa_mask);
  if (sigaction(updateSignal(), &Action, nullptr) != 0)
    return false;
  // A parent may have left it blocked.
  sigset_t Ours;
  sigemptyset(&Ours);
  sigaddset(&Ours, updateSignal());
  return pthread_sigmask(SIG_UNBLOCK, &Ours, nullptr) == 0;
}

void upstare::interruptThread(pid_t Tid) {
  // Straight to the kernel: libc's wrapper would set errno.
  long Result;
  register long Number __asm__("rax") = SYS_tgkill;
  __asm__ volatile("syscall"
                   : "=a"(Result)
                   : "r"(Number), "D"(long(getpid())), "S"(long(Tid)),
                     "d"(long(updateSignal()))
                   : "rcx", "r11", "memory");
}

ParkedSignals::ParkedSignals() {
  // The faults too: a SIGSEGV from kill() would run the program's handler on a
  // half-built stack. (A debugger's SIGTRAP and a filter's SIGSYS are not
  // sent.)
  sigset_t All;
  sigfillset(&All);
  sigdelset(&All, SIGTRAP);
  sigdelset(&All, SIGSYS);
  pthread_sigmask(SIG_BLOCK, &All, &Saved);
}

ParkedSignals::~ParkedSignals() {
  pthread_sigmask(SIG_SETMASK, &Saved, nullptr);
}
