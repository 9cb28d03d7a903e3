//===- whereabouts.cpp - what a thread does that does not come --*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Answers: where is the program, when it does not come to an update point?
//
// What runs in the handler takes no lock and allocates nothing. It has a stack
// of its own: the program's may be one for signals, of a few KiB.
//
//===----------------------------------------------------------------------===//

#include "whereabouts.h"
#include "control.h"
#include "coordinator.h"
#include "signals.h"
#include "stack_walk.h"
#include <atomic>
#include <errno.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

using namespace upstare;

namespace {

enum QuestionState : int { None, Asked, Answering, Answered };

/// Of a temporary thread.
struct Question {
  std::atomic<int> State;
  Status Result;
  ErrorText Why;
};
Question TheQuestion;

uint64_t ToolNonce = 0;     // of the tool that asks; 0: none does
uint64_t AnsweredNonce = 0; // tools repeat their signal

alignas(64) char HandlerStack[64 * 1024];

void answerThread() {
  Question &Q = TheQuestion;
  int Expected = Asked;
  if (!Q.State.compare_exchange_strong(Expected, Answering))
    return;
  Q.Result = explainStack(mainThread(), Q.Why);
  Q.State.store(Answered);
  syscall(SYS_futex, &Q.State, FUTEX_WAKE_PRIVATE, 1, nullptr, nullptr, 0);
}

void answerTool() {
  uint64_t Nonce = __atomic_exchange_n(&ToolNonce, 0, __ATOMIC_ACQ_REL);
  if (!Nonce || Nonce == AnsweredNonce)
    return;
  AnsweredNonce = Nonce;
  ErrorText Why;
  Status S = explainStack(mainThread(), Why);
  refuseTool(Nonce, S, Why.Text);
}

} // namespace

void upstare::noteWhereaboutsRequest(uint64_t Nonce) {
  __atomic_store_n(&ToolNonce, Nonce, __ATOMIC_RELEASE);
}

void upstare::tellWhereabouts() {
  if ((!__atomic_load_n(&ToolNonce, __ATOMIC_ACQUIRE) &&
       TheQuestion.State.load() != Asked) ||
      static_cast<pid_t>(syscall(SYS_gettid)) != getpid())
    return;
  int Errno = errno;
  upstareCallOnStack(
      HandlerStack + sizeof HandlerStack,
      [](void *) {
        answerThread();
        answerTool();
      },
      nullptr);
  errno = Errno;
}

Status upstare::askWhereabouts(ErrorText &Why) {
  constexpr unsigned Patience = 50; // times
  constexpr timespec Nap = {0, 20 * 1000 * 1000};
  Question &Q = TheQuestion;
  Q.State.store(Asked);
  for (unsigned I = 0; I != Patience && Q.State.load() == Asked; ++I) {
    interruptThread(mainThread().Tid);
    syscall(SYS_futex, &Q.State, FUTEX_WAIT_PRIVATE, Asked, &Nap, nullptr, 0);
  }
  int Expected = Asked;
  if (Q.State.compare_exchange_strong(Expected, None))
    return Status::Ok;
  // It is about to tell, and nothing that it does waits.
  while (Q.State.load() != Answered)
    syscall(SYS_futex, &Q.State, FUTEX_WAIT_PRIVATE, Answering, &Nap, nullptr,
            0);
  Why = Q.Why;
  Q.State.store(None);
  return Q.Result;
}
