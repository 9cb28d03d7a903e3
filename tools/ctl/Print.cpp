//===- Print.cpp - answers for people
//--------------------------------------===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What upstare-ctl prints without --json (and the list, in both forms).
//
//===----------------------------------------------------------------------===//

#include "Print.h"
#include <cstdio>

using namespace upstare;

static const char *orDash(const std::string &Text) {
  return Text.empty() ? "-" : Text.c_str();
}

static void printProcessesAsJson(const std::vector<ProcessInfo> &List) {
  const char *Separator = "[";
  for (const ProcessInfo &P : List) {
    printf("%s{\"pid\":%d,\"program\":%s,\"build_id\":%s,\"runtime\":%s,"
           "\"signal\":%d,\"ready\":%s}",
           Separator, int(P.Pid), jsonString(P.Program).c_str(),
           jsonString(P.BuildId).c_str(), jsonString(P.Runtime).c_str(),
           P.Signal, P.Catches ? "true" : "false");
    Separator = ",";
  }
  printf("%s]\n", List.empty() ? "[" : "");
}

void upstare::printProcesses(const std::vector<ProcessInfo> &List,
                             bool AsJson) {
  if (AsJson)
    return printProcessesAsJson(List);
  if (List.empty()) {
    fprintf(stderr,
            "upstare-ctl: no process of this user runs under UpStare\n");
    return;
  }
  printf("%8s  %-12s  %s\n", "PID", "STARTED AS", "PROGRAM");
  for (const ProcessInfo &P : List)
    printf("%8d  %-12.12s  %s%s\n", int(P.Pid), orDash(P.BuildId),
           P.Program.c_str(),
           P.Catches ? "" : "  (not ready: the update signal is not caught)");
}

void upstare::printStatus(const ProcessInfo &Info, const Json &Answer) {
  printf("process     %d (%s)\n", int(Info.Pid), Info.Program.c_str());
  printf("version     %s\n", orDash(Answer["version"].Text));
  printf("build id    %s\n", orDash(Answer["build_id"].Text));
  printf("updates     %s\n", orDash(Answer["updates"].Text));
  printf("patches     %s, %s bytes\n", orDash(Answer["patches"].Text),
         orDash(Answer["patch_bytes"].Text));
  printf("stack       %s bytes kept\n", orDash(Answer["stack_bytes"].Text));
  printf("can update  %s\n", Answer["message"].Text.empty()
                                 ? "yes"
                                 : ("no: " + Answer["message"].Text).c_str());
}

static void printVersions(const Json &Answer) {
  printf("from %s (%.12s)\n", orDash(Answer["from"].Text),
         orDash(Answer["from_build_id"].Text));
  printf("to   %s (%.12s)\n", orDash(Answer["to"].Text),
         orDash(Answer["to_build_id"].Text));
}

void upstare::printCheck(const ProcessInfo &Info, const Json &Answer) {
  printf("process %d can be given this patch\n", int(Info.Pid));
  printVersions(Answer);
}

void upstare::printApply(const ProcessInfo &Info, const Json &Answer) {
  printf("process %d is updated\n", int(Info.Pid));
  printVersions(Answer);
  printf("phases, in microseconds:\n");
  for (const auto &[Name, Time] : Answer["phases_us"].Members)
    printf("  %-10s %12s\n", Name.c_str(), Time.Text.c_str());
  printf("paused for %s us, with %s frames on the stack (%s bytes)\n",
         orDash(Answer["pause_us"].Text), orDash(Answer["frames"].Text),
         orDash(Answer["snapshot_bytes"].Text));
}
