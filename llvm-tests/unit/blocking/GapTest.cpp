//===- GapTest.cpp - from the interruption to the next issue
//---------------===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A signal of the program's own that arrives while the thread is at the update
// point has the effect that it would have had in the call.
//
//===----------------------------------------------------------------------===//

#include "FakeCoordinator.h"
#include "update_point.h"
#include "gtest/gtest.h"
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <sys/select.h>
#include <unistd.h>

using namespace upstare;

extern "C" {
__typeof__(read) upstare_read;
__typeof__(write) upstare_write;
__typeof__(pause) upstare_pause;
__typeof__(poll) upstare_poll;
__typeof__(select) upstare_select;
__typeof__(nanosleep) upstare_nanosleep;
__typeof__(sleep) upstare_sleep;
__typeof__(sigsuspend) upstare_sigsuspend;
}

static volatile int Handled;
static void onSignal(int) { ++Handled; }

static void handle(int Signal, int Flags) {
  struct sigaction Action = {};
  Action.sa_handler = onSignal;
  Action.sa_flags = Flags;
  sigaction(Signal, &Action, nullptr);
}

namespace {

class GapTest : public testing::Test {
protected:
  void SetUp() override {
    resetFake();
    requestWhenInterrupted();
    Handled = 0;
    handle(SIGUSR1, SA_RESTART);
    handle(SIGUSR2, 0);
    ASSERT_EQ(pipe(Ends), 0);
    sigprocmask(SIG_SETMASK, nullptr, &Before);
  }
  void TearDown() override {
    close(Ends[0]);
    close(Ends[1]);
    sigset_t After;
    sigprocmask(SIG_SETMASK, nullptr, &After);
    for (int Signal = 1; Signal < NSIG; ++Signal)
      EXPECT_EQ(sigismember(&Before, Signal), sigismember(&After, Signal));
  }
  /// At the update point, Signal arrives and is held back.
  void raiseInGap(int Signal) {
    Fake.OnUpdate = [=](const BlockedCall &) {
      RequestPending = 0;
      kill(getpid(), Signal);
      EXPECT_EQ(Handled, 0);
    };
  }

  int Ends[2];
  sigset_t Before;
};

} // namespace

#define EXPECT_EINTR(Call)                                                     \
  do {                                                                         \
    Helper Other(interruptParent);                                             \
    errno = 0;                                                                 \
    EXPECT_EQ(Call, -1);                                                       \
    EXPECT_EQ(errno, EINTR);                                                   \
    EXPECT_EQ(Handled, 1);                                                     \
    EXPECT_EQ(visits(), 1u);                                                   \
  } while (0)

TEST_F(GapTest, PauseEnds) {
  raiseInGap(SIGUSR1);
  EXPECT_EINTR(upstare_pause());
}

TEST_F(GapTest, SigsuspendEnds) {
  raiseInGap(SIGUSR1);
  sigset_t None;
  sigemptyset(&None);
  EXPECT_EINTR(upstare_sigsuspend(&None));
}

TEST_F(GapTest, PollEnds) {
  raiseInGap(SIGUSR1);
  EXPECT_EINTR(upstare_poll(nullptr, 0, -1));
}

TEST_F(GapTest, PollWithTimeoutEnds) {
  raiseInGap(SIGUSR1);
  EXPECT_EINTR(upstare_poll(nullptr, 0, 100000));
}

TEST_F(GapTest, SelectEnds) {
  raiseInGap(SIGUSR1);
  timeval Time = {100, 0};
  EXPECT_EINTR(upstare_select(0, nullptr, nullptr, nullptr, &Time));
  EXPECT_EQ(Time.tv_sec, 99);
}

TEST_F(GapTest, SleepEnds) {
  raiseInGap(SIGUSR1);
  timespec Time = {100, 0}, Left = {0, 0};
  EXPECT_EINTR(upstare_nanosleep(&Time, &Left));
  EXPECT_EQ(Left.tv_sec, 99);
}

TEST_F(GapTest, SleepTellsSecondsLeft) {
  raiseInGap(SIGUSR1);
  Helper Other(interruptParent);
  EXPECT_EQ(upstare_sleep(100), 99u);
}

TEST_F(GapTest, ReadEndsWithoutRestart) {
  raiseInGap(SIGUSR2);
  char Byte;
  EXPECT_EINTR(upstare_read(Ends[0], &Byte, 1));
}

TEST_F(GapTest, ReadIsRestarted) {
  raiseInGap(SIGUSR1);
  char Byte = 0;
  Helper Other([&] {
    interruptParent();
    // The parent has come back to sleep only after the handler has run.
    EXPECT_EQ(write(Ends[1], "x", 1), 1);
  });
  EXPECT_EQ(upstare_read(Ends[0], &Byte, 1), 1);
  EXPECT_EQ(Byte, 'x');
  EXPECT_EQ(Handled, 1);
}

// Bytes are in the pipe already: the kernel would return them, signal or not.
TEST_F(GapTest, BegunWriteTellsItsBytes) {
  raiseInGap(SIGUSR1);
  static char Bytes[1 << 20];
  Helper Other(interruptParent);
  EXPECT_EQ(upstare_write(Ends[1], Bytes, sizeof(Bytes)), 1 << 16);
  EXPECT_EQ(Handled, 1);
}

TEST_F(GapTest, IgnoredSignalsChangeNothing) {
  signal(SIGUSR1, SIG_IGN);
  Fake.OnUpdate = [](const BlockedCall &) {
    RequestPending = 0;
    kill(getpid(), SIGUSR1);
    kill(getpid(), SIGWINCH); // ignored by default
  };
  char Byte = 0;
  Helper Other([&] {
    interruptParent();
    EXPECT_EQ(write(Ends[1], "x", 1), 1);
  });
  EXPECT_EQ(upstare_read(Ends[0], &Byte, 1), 1);
}

TEST_F(GapTest, BlockedSignalsChangeNothing) {
  sigset_t Blocked;
  sigemptyset(&Blocked);
  sigaddset(&Blocked, SIGUSR2);
  sigprocmask(SIG_BLOCK, &Blocked, nullptr);
  raiseInGap(SIGUSR2);
  char Byte = 0;
  {
    Helper Other([&] {
      interruptParent();
      EXPECT_EQ(write(Ends[1], "x", 1), 1);
    });
    EXPECT_EQ(upstare_read(Ends[0], &Byte, 1), 1);
    EXPECT_EQ(Handled, 0);
  }
  sigprocmask(SIG_UNBLOCK, &Blocked, nullptr);
  EXPECT_EQ(Handled, 1);
}
