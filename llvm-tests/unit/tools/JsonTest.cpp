//===- JsonTest.cpp - the JSON that the runtime answers with
//---------------===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Json.h"
#include "gtest/gtest.h"

using namespace upstare;

TEST(Json, Reads) {
  Json Value;
  ASSERT_TRUE(parseJson(" {\"ok\":true,\"text\":\"a\\n\\\"b\\\"\\u0001\","
                        "\"phases\":{\"park\":1.5},"
                        "\"list\":[1,null,\"x\"],\"empty\":{}} ",
                        Value));
  EXPECT_EQ(Value["ok"].Text, "true");
  EXPECT_EQ(Value["text"].Text, "a\n\"b\"\x01");
  EXPECT_EQ(Value["phases"]["park"].Text, "1.5");
  EXPECT_EQ(Value["list"].Members.size(), 3u);
  EXPECT_FALSE(Value.has("missing"));
  EXPECT_TRUE(Value.has("empty"));
}

TEST(Json, RefusesWhatIsNone) {
  Json Value;
  for (const char *Text : {"", "{", "{\"a\":1", "{\"a\"}", "[1,]", "\"a", "1 2",
                           "{\"a\":\"\\", "{} x"})
    EXPECT_FALSE(parseJson(Text, Value)) << Text;
  EXPECT_FALSE(parseJson(std::string(1000, '['), Value));
}

TEST(Json, WritesStringsThatItReads) {
  std::string Text = "a\"b\\c\n\t\x01/d";
  Json Value;
  ASSERT_TRUE(parseJson(jsonString(Text), Value));
  EXPECT_EQ(Value.Text, Text);
}
