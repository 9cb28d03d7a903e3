//===- Channel.h - one request to one program ---------------------*- C++
//-*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The tool's side of control_protocol.h: how a request gets to the program, and
// how its answer comes back.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_TOOLS_CTL_CHANNEL_H
#define UPSTARE_TOOLS_CTL_CHANNEL_H

#include "Process.h"
#include <string>

namespace upstare {

struct ControlRequest {
  std::string Command;
  std::string Path; // absolute; empty: none
  int PatchFd = -1;
  int Milliseconds = 0; // how long the program may take to be updated
};

/// Sends Request to Target and waits for the answer, one line of JSON. False,
/// with a message, if the program does not answer.
bool ask(const Process &Target, const ControlRequest &Request,
         std::string &Answer, std::string &Error);

} // namespace upstare

#endif // UPSTARE_TOOLS_CTL_CHANNEL_H
