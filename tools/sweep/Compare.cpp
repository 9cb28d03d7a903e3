//===- Compare.cpp - the first difference of two outputs
//-------------------===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Compare.h"
#include <algorithm>
#include <vector>

using namespace upstare;

/// Lines with their newlines, so that a missing one at the end is seen.
static std::vector<std::string> splitLines(const std::string &Text) {
  std::vector<std::string> Lines;
  for (size_t At = 0; At < Text.size();) {
    size_t End = Text.find('\n', At);
    End = End == std::string::npos ? Text.size() : End + 1;
    Lines.push_back(Text.substr(At, End - At));
    At = End;
  }
  return Lines;
}

/// A line that fits on a terminal and shows what cannot be seen.
static std::string printable(const std::string &Line) {
  static const char Digits[] = "0123456789abcdef";
  std::string Result;
  for (size_t I = 0; I < Line.size() && Result.size() < 200; ++I) {
    auto C = static_cast<unsigned char>(Line[I]);
    if (C == '\n')
      return Result;
    if (C >= 0x20 && C != 0x7f)
      Result += char(C);
    else
      (Result += "\\x") += {Digits[C >> 4], Digits[C & 15]};
  }
  return Result + (Line.size() >= 200 ? "..." : "\\ no newline");
}

std::string upstare::firstDifference(const std::string &Expected,
                                     const std::string &Actual) {
  if (Expected == Actual)
    return "";
  constexpr size_t Before = 2, After = 3;
  std::vector<std::string> E = splitLines(Expected), A = splitLines(Actual);
  size_t First = 0;
  while (First < E.size() && First < A.size() && E[First] == A[First])
    ++First;
  std::string Result = "@@ line " + std::to_string(First + 1) + " @@\n";
  for (size_t I = First < Before ? 0 : First - Before; I < First; ++I)
    Result += " " + printable(E[I]) + "\n";
  auto Show = [&](char Sign, const std::vector<std::string> &Lines) {
    size_t End = std::min(Lines.size(), First + After);
    for (size_t I = First; I < End; ++I)
      Result += Sign + printable(Lines[I]) + "\n";
    if (First >= Lines.size())
      Result += std::string(1, Sign) + "(nothing)\n";
  };
  Show('-', E);
  Show('+', A);
  return Result;
}
