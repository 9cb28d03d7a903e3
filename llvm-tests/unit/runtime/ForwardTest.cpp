//===- ForwardTest.cpp - pointers into what moved ---------------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Pointers to, into and one past moved objects follow them; others stay; writes
// are put off.
//
//===----------------------------------------------------------------------===//

#include "forward.h"
#include "gtest/gtest.h"
#include <cstring>
#include <sys/mman.h>

using namespace upstare;

namespace {

// struct { int a; int gone; long b; } becomes struct { long b; int a; }.
struct OldObject {
  int A, Gone;
  long B;
};
struct NewObject {
  long B;
  int A;
};

uint64_t mapOffset(uint64_t Offset, uint64_t TargetSize) {
  if (TargetSize & UPSTARE_ENDS) // an array of one, for pointers behind it
    return TargetSize == (UPSTARE_ENDS | sizeof(OldObject)) ? 3 : 0;
  switch (Offset) {
  case 0:
    return TargetSize == UPSTARE_SCALAR(sizeof(int)) ? offsetof(NewObject, A)
                                                     : 0;
  case offsetof(OldObject, B):
    return offsetof(NewObject, B);
  case sizeof(OldObject):
    return sizeof(NewObject);
  default:
    return ~uint64_t{0};
  }
}

const upstare_type_map Type = {
    "struct object", sizeof(OldObject), sizeof(NewObject), alignof(NewObject),
    nullptr,         nullptr,           mapOffset};

class Forward : public ::testing::Test {
protected:
  Forward() {
    memset(&Old, 0, sizeof Old);
    Update.T = &T;
    Update.Patch = &Patch;
    Update.Report = &Report;
    T.RootSp = T.CallSp = 2000;
    Update.Context = reinterpret_cast<SavedContext *>(1000);
    for (int I : {0, 2})
      Update.Moved.append(Update.Memory,
                          {address(&Old[I]), address(&New[I]), &Type, "it"});
  }
  ~Forward() override { Update.Memory.release(); }
  static uintptr_t address(const void *P) {
    return reinterpret_cast<uintptr_t>(P);
  }

  OldObject Old[3]; // the one in the middle stays
  NewObject New[3];
  Thread T = {};
  PreparedPatch Patch = {};
  UpdateReport Report = {};
  upstare_update Update = {};
};

} // namespace

TEST_F(Forward, ObjectsAndTheirParts) {
  EXPECT_EQ(upstare_forward(&Update, &Old[0]), &New[0]);
  EXPECT_EQ(upstare_forward(&Update, &Old[2]), &New[2]);
  EXPECT_EQ(upstare_forward(&Update, &Old[0].B), &New[0].B);
  EXPECT_EQ(
      upstare_forward_typed(&Update, &Old[0].A, UPSTARE_SCALAR(sizeof(int))),
      &New[0].A);
  EXPECT_FALSE(Update.Failed);
}

TEST_F(Forward, WhatDidNotMoveStays) {
  EXPECT_EQ(upstare_forward(&Update, &Old[1].B), &Old[1].B);
  EXPECT_EQ(upstare_forward(&Update, nullptr), nullptr);
  EXPECT_EQ(upstare_forward(&Update, &New[1]), &New[1]);
  EXPECT_EQ(upstare_forward(&Update, reinterpret_cast<void *>(-1)),
            reinterpret_cast<void *>(-1));
  EXPECT_FALSE(Update.Failed);
}

TEST_F(Forward, OnePastTheEnd) {
  EXPECT_EQ(upstare_forward(&Update, &Old[3]), &New[3]);
  // Old[1] begins where Old[0] ends.
  EXPECT_EQ(upstare_forward(&Update, &Old[1]), &New[1]);
  uintptr_t Starts[] = {address(&Old[1])};
  Patch.ObjectStarts = Starts;
  Patch.ObjectStartCount = 1;
  EXPECT_EQ(upstare_forward(&Update, &Old[1]), &Old[1]);
  Patch.ObjectStartCount = 0;
  Update.StackObjects.append(Update.Memory, address(&Old[1]));
  EXPECT_EQ(upstare_forward(&Update, &Old[1]), &Old[1]);
  EXPECT_FALSE(Update.Failed);
}

TEST_F(Forward, OnePastTheEndOrTheNext) {
  // Old[1] begins where Old[0] ends, and moves elsewhere.
  static const auto Other = [](uint64_t Offset, uint64_t TargetSize) {
    return TargetSize == (UPSTARE_ENDS | 5) ? uint64_t{1}
           : TargetSize & UPSTARE_ENDS      ? uint64_t{0}
                                            : Offset;
  };
  static const upstare_type_map OtherType = {
      "other", sizeof(OldObject), sizeof(NewObject), 8, nullptr, nullptr,
      Other};
  NewObject Elsewhere;
  Update.Moved.append(Update.Memory, {});
  Update.Moved[2] = Update.Moved[1];
  Update.Moved[1] = {address(&Old[1]), address(&Elsewhere), &OtherType, "next"};
  auto Forwarded = [&](uint64_t Size) {
    return upstare_forward_typed(&Update, &Old[1], Size);
  };
  EXPECT_EQ(Forwarded(0), &Elsewhere);
  EXPECT_EQ(Forwarded(5), &Elsewhere);
  EXPECT_EQ(Forwarded(7), &Elsewhere); // fits neither
  EXPECT_EQ(Forwarded(sizeof(OldObject)), &New[1]);
  EXPECT_EQ(Forwarded(sizeof(OldObject) | UPSTARE_CHANGES), &New[1]);
}

TEST_F(Forward, AChangingTargetIsNotWhatStays) {
  Update.StackObjects.append(Update.Memory, address(&Old[1]));
  EXPECT_EQ(upstare_forward_typed(&Update, &Old[1],
                                  sizeof(OldObject) | UPSTARE_CHANGES),
            &New[1]);
}

TEST_F(Forward, RemovedPartFails) {
  Update.Subject = "table";
  upstare_forward(&Update, &Old[0].Gone);
  EXPECT_TRUE(Update.Failed);
  EXPECT_NE(strstr(Report.Message.Text, "table: a pointer points 4 bytes into "
                                        "it (type struct object)"),
            nullptr)
      << Report.Message.Text;
}

TEST_F(Forward, SlotsAreWrittenLater) {
  struct __attribute__((packed)) {
    char Odd;
    void *Slot;
  } Unaligned = {0, &Old[0].B};
  void *Other = &Old[1];
  Update.StackObjects.append(Update.Memory, address(&Old[1]));
  upstare_forward_slot(&Update, &Unaligned.Slot);
  upstare_forward_slot(&Update, &Other);
  void *Unchanged = Unaligned.Slot; // no reference can be bound to the field
  EXPECT_EQ(Unchanged, &Old[0].B);
  ASSERT_EQ(Update.Writes.Count, 1u);
  EXPECT_EQ(Update.Writes[0].Slot, static_cast<void *>(&Unaligned.Slot));
  EXPECT_EQ(Update.Writes[0].Value, &New[0].B);
}

TEST_F(Forward, RequireMoved) {
  upstare_require_moved(&Update, nullptr, "struct object", "head");
  upstare_require_moved(&Update, &Old[2], "struct object", "head");
  EXPECT_FALSE(Update.Failed);
  upstare_require_moved(&Update, &Old[1].B, "struct object", "head");
  EXPECT_TRUE(Update.Failed);
  EXPECT_NE(strstr(Report.Message.Text, "head points to a struct object"),
            nullptr);
}

TEST_F(Forward, RequireVisited) {
  AddressRange Globals[] = {{5000, 5100}};
  Patch.VisitedGlobals = {Globals, 1};
  for (uintptr_t Fine : {uintptr_t{0}, uintptr_t{1000}, uintptr_t{1999},
                         uintptr_t{5000}, uintptr_t{5099}, address(&Old[0])})
    upstare_require_visited(&Update, reinterpret_cast<void *>(Fine), "t", "w");
  EXPECT_FALSE(Update.Failed);
  long Elsewhere = 0;
  upstare_require_visited(&Update, &Elsewhere, "t", "w");
  EXPECT_TRUE(Update.Failed);
}

TEST_F(Forward, UnmappedMemoryHoldsNoObjects) {
  void *Page = mmap(nullptr, 4096, PROT_READ | PROT_WRITE,
                    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  ASSERT_NE(Page, MAP_FAILED);
  munmap(Page, 4096);
  upstare_require_visited(&Update, Page, "t", "w");
  upstare_require_moved(&Update, Page, "struct object", "head");
  EXPECT_FALSE(Update.Failed);
}

TEST_F(Forward, TheFirstFailureWins) {
  upstare_fail(&Update, "first");
  upstare_fail(&Update, "second");
  EXPECT_NE(strstr(Report.Message.Text, "first"), nullptr);
  EXPECT_EQ(strstr(Report.Message.Text, "second"), nullptr);
}
