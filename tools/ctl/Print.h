//===- Print.h - answers for people -------------------------------*- C++
//-*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_TOOLS_CTL_PRINT_H
#define UPSTARE_TOOLS_CTL_PRINT_H

#include "Json.h"
#include "Process.h"
#include <vector>

namespace upstare {

void printProcesses(const std::vector<ProcessInfo> &List, bool AsJson);
void printStatus(const ProcessInfo &Info, const Json &Answer);
void printCheck(const ProcessInfo &Info, const Json &Answer);
void printApply(const ProcessInfo &Info, const Json &Answer);

} // namespace upstare

#endif // UPSTARE_TOOLS_CTL_PRINT_H
