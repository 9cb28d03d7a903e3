//===- Json.h - the JSON that the runtime answers with ------------*- C++
//-*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A reader for the runtime's answers and a writer of strings. Numbers are kept
// as text: none is computed with before it is needed.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_TOOLS_SUPPORT_JSON_H
#define UPSTARE_TOOLS_SUPPORT_JSON_H

#include <string>
#include <utility>
#include <vector>

namespace upstare {

struct Json {
  enum Kind { Null, Literal, String, Array, Object } Kind = Null;
  /// Of a string; of a number, true or false as written.
  std::string Text;
  /// In order; names are empty in arrays.
  std::vector<std::pair<std::string, Json>> Members;

  /// The member Name, or a null value.
  const Json &operator[](const std::string &Name) const;
  bool has(const std::string &Name) const { return (*this)[Name].Kind != Null; }
};

/// False if Text is not one JSON value.
bool parseJson(const std::string &Text, Json &Out);

/// Text as a JSON string, with quotes.
std::string jsonString(const std::string &Text);

} // namespace upstare

#endif // UPSTARE_TOOLS_SUPPORT_JSON_H
