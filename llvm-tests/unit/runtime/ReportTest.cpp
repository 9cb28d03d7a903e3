//===- ReportTest.cpp - what an update did ----------------------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reports are valid JSON whatever is in their texts, and are cut without harm.
//
//===----------------------------------------------------------------------===//

#include "report.h"
#include "gtest/gtest.h"
#include <cstring>
#include <string>

using namespace upstare;

static std::string format(const UpdateReport &Report) {
  char Buffer[8192];
  size_t Length = formatReport(Report, Buffer, sizeof Buffer);
  EXPECT_EQ(Length, strlen(Buffer));
  return Buffer;
}

TEST(Report, Success) {
  UpdateReport Report = {};
  strcpy(Report.Patch, "a \"b\"\\\n\x01");
  Report.Nanoseconds[static_cast<unsigned>(Phase::Unroll)] = 12345;
  Report.PauseNanoseconds = 1999;
  Report.Frames = 7;
  std::string Text = format(Report);
  EXPECT_NE(Text.find("{\"ok\":true,\"status\":\"ok\",\"message\":\"\","),
            std::string::npos);
  EXPECT_NE(Text.find("\"patch\":\"a \\\"b\\\"\\\\\\n\\u0001\""),
            std::string::npos);
  EXPECT_NE(Text.find("\"unroll\":12.3"), std::string::npos);
  EXPECT_NE(Text.find("\"pause_us\":1.9"), std::string::npos);
  EXPECT_NE(Text.find("\"frames\":7"), std::string::npos);
  EXPECT_EQ(Text.back(), '}');
}

TEST(Report, Failure) {
  UpdateReport Report = {};
  Report.Result = Report.Message.fail(Status::NotNow, "%s is active", "qsort");
  std::string Text = format(Report);
  EXPECT_NE(Text.find("\"ok\":false,\"status\":\"not-now\""),
            std::string::npos);
  EXPECT_NE(Text.find("where it is: qsort is active"), std::string::npos);
}

TEST(Report, IsCutAtTheBuffersEnd) {
  UpdateReport Report = {};
  for (size_t Size = 0; Size != 600; ++Size) {
    std::string Guarded(Size + 1, 'x');
    size_t Length = formatReport(Report, &Guarded[0], Size);
    EXPECT_EQ(Guarded[Size], 'x');
    if (Size)
      EXPECT_EQ(strlen(Guarded.c_str()), std::min(Length, Size - 1));
  }
}

TEST(Error, MessagesAreCut) {
  ErrorText Error;
  std::string Long(5000, 'y');
  EXPECT_EQ(Error.fail(Status::NotElf, "%s", Long.c_str()), Status::NotElf);
  EXPECT_EQ(strlen(Error.Text), sizeof Error.Text - 1);
  for (int S = 0; S <= static_cast<int>(Status::Injected); ++S)
    EXPECT_GT(strlen(statusText(static_cast<Status>(S))), 3u);
}
