//===- ThreadTest.cpp - threads that have no root
//--------------------------===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Threads that cannot be updated use the wrappers too: they must be cancellable
// in them, as in libc's functions, and must not mind the update signal.
//
//===----------------------------------------------------------------------===//

#include "FakeCoordinator.h"
#include "signals.h"
#include "update_point.h"
#include "gtest/gtest.h"
#include <atomic>
#include <fstream>
#include <pthread.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

using namespace upstare;

extern "C" __typeof__(read) upstare_read;

namespace {

struct Reader {
  int Ends[2];
  std::atomic<pid_t> Tid{0};
  char Byte = 0;
  pthread_t Thread;

  Reader() {
    EXPECT_EQ(pipe(Ends), 0);
    pthread_create(
        &Thread, nullptr,
        [](void *Self) -> void * {
          auto &R = *static_cast<Reader *>(Self);
          R.Tid = pid_t(syscall(SYS_gettid));
          return reinterpret_cast<void *>(upstare_read(R.Ends[0], &R.Byte, 1));
        },
        this);
    waitUntilAsleep();
  }
  ~Reader() {
    close(Ends[0]);
    close(Ends[1]);
  }
  void waitUntilAsleep() const {
    std::string Text;
    do {
      sched_yield();
      std::ifstream File("/proc/self/task/" + std::to_string(Tid) + "/stat");
      std::getline(File, Text);
    } while (Text.find(") S ") == std::string::npos);
  }
  void *join() const {
    void *Result = nullptr;
    pthread_join(Thread, &Result);
    return Result;
  }
};

class ThreadTest : public testing::Test {
protected:
  void SetUp() override {
    resetFake();
    Fake.HasRoot = false;
  }
};

} // namespace

TEST_F(ThreadTest, IsCancelledInACall) {
  Reader R;
  pthread_cancel(R.Thread);
  EXPECT_EQ(R.join(), PTHREAD_CANCELED);
}

TEST_F(ThreadTest, IgnoresTheUpdateSignal) {
  Reader R;
  RequestPending = 1;
  for (int I = 0; I < 10; ++I) {
    interruptThread(R.Tid);
    R.waitUntilAsleep();
  }
  ASSERT_EQ(write(R.Ends[1], "x", 1), 1);
  EXPECT_EQ(R.join(), reinterpret_cast<void *>(1));
  EXPECT_EQ(R.Byte, 'x');
  EXPECT_EQ(visits(), 0u);
}
