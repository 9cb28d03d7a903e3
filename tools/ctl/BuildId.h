//===- BuildId.h - the build id of an ELF file --------------------*- C++
//-*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_TOOLS_CTL_BUILDID_H
#define UPSTARE_TOOLS_CTL_BUILDID_H

#include <string>

namespace upstare {

/// In hexadecimal; empty if the file has none or is not a 64-bit ELF file.
std::string buildIdOf(const std::string &Path);

} // namespace upstare

#endif // UPSTARE_TOOLS_CTL_BUILDID_H
