//===- Json.cpp - the JSON that the runtime answers with
//-------------------===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// See Json.h.
//
//===----------------------------------------------------------------------===//

#include "Json.h"
#include <cstdio>
#include <cstdlib>
#include <cstring>

using namespace upstare;

const Json &Json::operator[](const std::string &Name) const {
  static const Json Nothing;
  for (const auto &[MemberName, Value] : Members)
    if (MemberName == Name)
      return Value;
  return Nothing;
}

namespace {

class Reader {
public:
  explicit Reader(const std::string &Text)
      : At(Text.c_str()), End(At + Text.size()) {}
  bool readAll(Json &Out) {
    bool Good = readValue(Out, 0);
    skipSpace();
    return Good && At == End;
  }

private:
  const char *At, *End;
  static constexpr int MaxDepth = 32;

  void skipSpace() {
    while (At < End && strchr(" \t\r\n", *At))
      ++At;
  }
  bool take(char C) {
    skipSpace();
    if (At == End || *At != C)
      return false;
    ++At;
    return true;
  }
  bool readValue(Json &Out, int Depth);
  bool readMembers(Json &Out, char Close, int Depth);
  bool readString(std::string &Out);
  bool readEscape(std::string &Out);
};

} // namespace

bool Reader::readValue(Json &Out, int Depth) {
  skipSpace();
  if (At == End || Depth > MaxDepth)
    return false;
  if (*At == '"') {
    Out.Kind = Json::String;
    return readString(Out.Text);
  }
  if (take('{')) {
    Out.Kind = Json::Object;
    return readMembers(Out, '}', Depth);
  }
  if (take('[')) {
    Out.Kind = Json::Array;
    return readMembers(Out, ']', Depth);
  }
  const char *Start = At;
  while (At < End && !strchr(",]} \t\r\n", *At))
    ++At;
  Out.Text.assign(Start, At);
  Out.Kind = Out.Text == "null" ? Json::Null : Json::Literal;
  return At != Start;
}

bool Reader::readMembers(Json &Out, char Close, int Depth) {
  if (take(Close))
    return true;
  do {
    Out.Members.emplace_back();
    auto &[Name, Value] = Out.Members.back();
    if (Close == '}') {
      skipSpace();
      if (!readString(Name) || !take(':'))
        return false;
    }
    if (!readValue(Value, Depth + 1))
      return false;
  } while (take(','));
  return take(Close);
}

bool Reader::readString(std::string &Out) {
  if (At == End || *At != '"')
    return false;
  ++At;
  while (At < End && *At != '"') {
    if (*At != '\\')
      Out += *At++;
    else if (!readEscape(Out))
      return false;
  }
  if (At == End)
    return false;
  ++At;
  return true;
}

bool Reader::readEscape(std::string &Out) {
  if (End - At < 2)
    return false;
  char C = At[1];
  At += 2;
  static const char Names[] = "bfnrt", Values[] = "\b\f\n\r\t";
  if (const char *Found = C ? strchr(Names, C) : nullptr) {
    Out += Values[Found - Names];
    return true;
  }
  if (C != 'u') {
    Out += C;
    return true;
  }
  if (End - At < 4)
    return false;
  // The runtime writes control characters this way, nothing else.
  Out += char(strtoul(std::string(At, 4).c_str(), nullptr, 16));
  At += 4;
  return true;
}

bool upstare::parseJson(const std::string &Text, Json &Out) {
  return Reader(Text).readAll(Out);
}

std::string upstare::jsonString(const std::string &Text) {
  std::string Result = "\"";
  for (char C : Text) {
    char Escaped[8];
    if (C == '"' || C == '\\') {
      Result += '\\';
      Result += C;
    } else if (static_cast<unsigned char>(C) < 0x20) {
      snprintf(Escaped, sizeof(Escaped), "\\u%04x", C);
      Result += Escaped;
    } else {
      Result += C;
    }
  }
  return Result + "\"";
}
