//===- ForwardTest.cpp - arguments in objects that moved
//-------------------===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "FakeCoordinator.h"
#include "blocking_calls.h"
#include "gtest/gtest.h"
#include <poll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>

using namespace upstare;

static char Object[1000], Elsewhere[1000];

namespace {

class ForwardTest : public testing::Test {
protected:
  void SetUp() override {
    resetFake();
    Fake.OldStart = reinterpret_cast<uintptr_t>(Object);
    Fake.OldEnd = Fake.OldStart + sizeof(Object);
    Fake.Shift = 1 << 20;
  }
  static long moved(const void *Place) {
    return toKernel(Place) + long(Fake.Shift);
  }
};

} // namespace

TEST_F(ForwardTest, BufferMoves) {
  BlockedCall Call =
      makeCall(CallKind::Plain, 0, SYS_read, 3, toKernel(Object + 10), 100);
  forwardArguments(Call, nullptr);
  EXPECT_EQ(Call.Arguments[1], moved(Object + 10));
  EXPECT_EQ(Call.Arguments[2], 100);
  EXPECT_EQ(Fake.Failure, "");
}

TEST_F(ForwardTest, OthersStay) {
  BlockedCall Call =
      makeCall(CallKind::Plain, 0, SYS_read, 3, toKernel(Elsewhere), 100);
  forwardArguments(Call, nullptr);
  EXPECT_EQ(Call.Arguments[1], toKernel(Elsewhere));
}

TEST_F(ForwardTest, NullAndEmptyAreAllowed) {
  BlockedCall Call = makeCall(CallKind::Plain, 0, SYS_accept, 3, 0, 0);
  forwardArguments(Call, nullptr);
  EXPECT_EQ(Call.Arguments[1], 0);
  Call = makeCall(CallKind::Send, 0, SYS_write, 3, toKernel(Object), 0);
  forwardArguments(Call, nullptr);
  EXPECT_EQ(Call.Arguments[1], moved(Object));
  EXPECT_EQ(Fake.Failure, "");
}

// The array in which the call reads has become shorter.
TEST_F(ForwardTest, RemovedPartFails) {
  Fake.Removed = Fake.OldStart + 64;
  BlockedCall Call =
      makeCall(CallKind::Plain, 0, SYS_read, 3, toKernel(Object), 100);
  forwardArguments(Call, nullptr);
  EXPECT_NE(Fake.Failure, "");
}

// A buffer that spans an object's end is no longer together.
TEST_F(ForwardTest, TornBufferFails) {
  BlockedCall Call =
      makeCall(CallKind::Plain, 0, SYS_read, 3, toKernel(Object + 990), 100);
  forwardArguments(Call, nullptr);
  EXPECT_NE(Fake.Failure.find("read()"), std::string::npos) << Fake.Failure;
}

TEST_F(ForwardTest, PollArray) {
  BlockedCall Call =
      makeCall(CallKind::Poll, 0, SYS_poll, toKernel(Object), 5, 1000);
  forwardArguments(Call, nullptr);
  EXPECT_EQ(Call.Arguments[0], moved(Object));
  EXPECT_EQ(Call.Arguments[1], 5);
}

// What the vectors point to is forwarded with the program's data, and checked.
TEST_F(ForwardTest, Vectors) {
  iovec Array[2] = {{Object, 10}, {Elsewhere, 10}};
  BlockedCall Call =
      makeCall(CallKind::Plain, 0, SYS_readv, 3, toKernel(Array), 2);
  forwardArguments(Call, nullptr);
  EXPECT_EQ(Call.Arguments[1], toKernel(Array));
  EXPECT_EQ(Array[0].iov_base, Object);
  EXPECT_EQ(Fake.Failure, "");
  Fake.Removed = Fake.OldStart + 5;
  msghdr Message = {};
  Message.msg_iov = Array;
  Message.msg_iovlen = 2;
  Call = makeCall(CallKind::SendMessage, 0, SYS_sendmsg, 3, toKernel(&Message));
  forwardArguments(Call, nullptr);
  EXPECT_NE(Fake.Failure, "");
}

TEST_F(ForwardTest, AddressThatIsFilledIn) {
  socklen_t Size = 16;
  BlockedCall Call = makeCall(CallKind::Plain, 0, SYS_accept, 3,
                              toKernel(Object + 100), toKernel(&Size));
  forwardArguments(Call, nullptr);
  EXPECT_EQ(Call.Arguments[1], moved(Object + 100));
  EXPECT_EQ(Call.Arguments[2], toKernel(&Size));
}
