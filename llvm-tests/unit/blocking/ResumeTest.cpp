//===- ResumeTest.cpp - calls that the new version goes on with
//------------===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A committed update leaves the wrapper for good: what is left of the call
// comes back as a record.
//
//===----------------------------------------------------------------------===//

#include "FakeCoordinator.h"
#include "signals.h"
#include "update_point.h"
#include "gtest/gtest.h"
#include <cerrno>
#include <csetjmp>
#include <ctime>
#include <fcntl.h>
#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

using namespace upstare;

extern "C" {
__typeof__(read) upstare_read;
__typeof__(write) upstare_write;
__typeof__(poll) upstare_poll;
__typeof__(nanosleep) upstare_nanosleep;
__typeof__(sleep) upstare_sleep;
__typeof__(clock_nanosleep) upstare_clock_nanosleep;
}

static sigjmp_buf Leave;
static BlockedCallRecord Record;

/// The update commits: the call is saved, and its frame left.
static void commit(const BlockedCall &Call) {
  RequestPending = 0;
  Record.Call = Call;
  siglongjmp(Leave, 1);
}

/// The result of Call if an update commits in it.
#define RESUMED(Call)                                                          \
  (sigsetjmp(Leave, 0) == 0 ? long(Call)                                       \
                            : upstare_resume_blocked_call(&Record.Head))

namespace {

class ResumeTest : public testing::Test {
protected:
  void SetUp() override {
    resetFake();
    requestWhenInterrupted();
    Fake.OnUpdate = commit;
    ASSERT_EQ(pipe(Ends), 0);
  }
  void TearDown() override {
    close(Ends[0]);
    close(Ends[1]);
    sigset_t After;
    sigprocmask(SIG_SETMASK, nullptr, &After);
    EXPECT_FALSE(sigismember(&After, SIGUSR1));
  }
  int Ends[2];
};

} // namespace

TEST_F(ResumeTest, Read) {
  char Byte = 0;
  Helper Other([&] {
    interruptParent();
    EXPECT_EQ(write(Ends[1], "x", 1), 1);
  });
  EXPECT_EQ(RESUMED(upstare_read(Ends[0], &Byte, 1)), 1);
  EXPECT_EQ(Byte, 'x');
  EXPECT_EQ(visits(), 1u);
  EXPECT_STREQ(callName(Record.Call), "read");
}

TEST_F(ResumeTest, ReadFails) {
  fcntl(Ends[0], F_SETFL, O_NONBLOCK);
  RequestPending = 1;
  char Byte;
  errno = 0;
  EXPECT_EQ(RESUMED(upstare_read(Ends[0], &Byte, 1)), -1);
  EXPECT_EQ(errno, EAGAIN);
  EXPECT_EQ(visits(), 1u);
}

// What went into the pipe before the update is counted, and not sent again.
TEST_F(ResumeTest, Write) {
  static char Bytes[300000], Copy[300001];
  for (size_t I = 0; I < sizeof(Bytes); ++I)
    Bytes[I] = char(I * 7 + I / 256);
  int Report[2];
  ASSERT_EQ(pipe(Report), 0);
  {
    Helper Other([&] {
      close(Ends[1]);
      interruptParent();
      size_t Got = 0;
      ssize_t N;
      while ((N = read(Ends[0], Copy + Got, sizeof(Copy) - Got)) > 0)
        Got += size_t(N);
      char Good =
          Got == sizeof(Bytes) && memcmp(Bytes, Copy, sizeof(Bytes)) == 0;
      EXPECT_EQ(write(Report[1], &Good, 1), 1);
    });
    EXPECT_EQ(RESUMED(upstare_write(Ends[1], Bytes, sizeof(Bytes))),
              long(sizeof(Bytes)));
    EXPECT_EQ(Record.Call.Done, 65536u);
    close(Ends[1]);
    char Good = 0;
    EXPECT_EQ(read(Report[0], &Good, 1), 1);
    EXPECT_TRUE(Good);
  }
  close(Report[0]);
  close(Report[1]);
}

static int64_t nowNs() {
  timespec Time;
  clock_gettime(CLOCK_MONOTONIC, &Time);
  return int64_t(Time.tv_sec) * 1000000000 + Time.tv_nsec;
}

TEST_F(ResumeTest, PollKeepsItsDeadline) {
  int64_t Start = nowNs();
  Helper Other(interruptParent);
  EXPECT_EQ(RESUMED(upstare_poll(nullptr, 0, 300)), 0);
  int64_t End = nowNs();
  EXPECT_GE(End - Start, 300000000);
  EXPECT_GE(Record.Call.Deadline, Start + 300000000);
  // Not another 300 ms from the interruption on.
  EXPECT_LT(Record.Call.Deadline, End);
}

TEST_F(ResumeTest, NanosleepKeepsItsDeadline) {
  int64_t Start = nowNs();
  timespec Time = {0, 300000000};
  Helper Other(interruptParent);
  EXPECT_EQ(RESUMED(upstare_nanosleep(&Time, nullptr)), 0);
  int64_t End = nowNs();
  EXPECT_GE(End - Start, 300000000);
  EXPECT_LT(Record.Call.Deadline, End);
}

// Each function's own way to tell an error, though its frame has gone.
TEST_F(ResumeTest, EachTellsErrorsItsOwnWay) {
  struct sigaction Action = {};
  Action.sa_handler = [](int) {};
  sigaction(SIGUSR2, &Action, nullptr);
  auto SignalLater = [] {
    interruptParent();
    // Asleep again: it has been resumed.
    waitUntilParentSleeps();
    kill(getppid(), SIGUSR2);
  };
  timespec Time = {100, 0}, Left = {0, 0};
  {
    Helper Other(SignalLater);
    errno = 0;
    EXPECT_EQ(int(RESUMED(upstare_nanosleep(&Time, &Left))), -1);
    EXPECT_EQ(errno, EINTR);
    EXPECT_NEAR(Left.tv_sec, 99, 1); // the kernel's timers have some slack
  }
  {
    Helper Other(SignalLater);
    EXPECT_EQ(
        int(RESUMED(upstare_clock_nanosleep(CLOCK_MONOTONIC, 0, &Time, &Left))),
        EINTR);
  }
  {
    Helper Other(SignalLater);
    EXPECT_NEAR(unsigned(RESUMED(upstare_sleep(100))), 99u, 1);
  }
}

//===----------------------------------------------------------------------===//
// Requests that lead to nothing
//===----------------------------------------------------------------------===//

TEST_F(ResumeTest, RequestOnEntryIsSeenBeforeTheCall) {
  BlockedCall Seen = {};
  Fake.OnUpdate = [&](const BlockedCall &Call) {
    Seen = Call;
    RequestPending = 0;
    EXPECT_EQ(write(Ends[1], "x", 1), 1);
  };
  RequestPending = 1;
  char Byte = 0;
  EXPECT_EQ(upstare_read(Ends[0], &Byte, 1), 1);
  EXPECT_EQ(Seen.Number, SYS_read);
  EXPECT_EQ(Seen.Arguments[0], Ends[0]);
  EXPECT_EQ(visits(), 1u);
}

// "Not now": the request stands. The thread waits in the call, not in a loop,
// and comes back at each interruption.
TEST_F(ResumeTest, StandingRequestDoesNotSpin) {
  Fake.OnUpdate = nullptr;
  RequestPending = 1;
  char Byte = 0;
  Helper Other([&] {
    for (int I = 0; I < 3; ++I)
      interruptParent();
    waitUntilParentSleeps();
    EXPECT_EQ(write(Ends[1], "x", 1), 1);
  });
  EXPECT_EQ(upstare_read(Ends[0], &Byte, 1), 1);
  EXPECT_GE(visits(), 2u); // on entry, and after a signal
  EXPECT_LE(visits(), 4u);
}

TEST_F(ResumeTest, ThreadWithoutRootIsLeftAlone) {
  Fake.HasRoot = false;
  RequestPending = 1;
  char Byte = 0;
  Helper Other([&] {
    waitUntilParentSleeps();
    kill(getppid(), updateSignal());
    waitUntilParentSleeps();
    EXPECT_EQ(write(Ends[1], "x", 1), 1);
  });
  EXPECT_EQ(upstare_read(Ends[0], &Byte, 1), 1);
  EXPECT_EQ(visits(), 0u);
}
