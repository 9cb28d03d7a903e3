//===- main.cpp - upstare-ctl: arguments and exit status
//-------------------===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Channel.h"
#include "Json.h"
#include "Print.h"
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <string>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

using namespace upstare;

static const char Usage[] =
    "usage: upstare-ctl [--json] list\n"
    "       upstare-ctl [--json] status PID\n"
    "       upstare-ctl [--json] check PID PATCH\n"
    "       upstare-ctl [--json] [--timeout SECONDS] apply PID PATCH\n"
    "\n"
    "Talks to programs that were built with upstare-cc.\n"
    "\n"
    "  list     processes of this user that can be updated\n"
    "  status   the version that a process runs, and how often it was updated\n"
    "  check    all that can be said of a patch without stopping the process\n"
    "  apply    update the process\n"
    "\n"
    "  --timeout SECONDS  how long the process may take to come to a place\n"
    "                     where it can be updated (default: 10)\n"
    "  --json             print one line of JSON\n"
    "  --help             print this text\n"
    "\n"
    "Exit status: 0 done; 1 refused by the program, which goes on as it was;\n"
    "2 bad usage or input; 3 no such process, not an UpStare program, or no\n"
    "answer.\n";

enum ExitStatus { Done = 0, Refused = 1, BadInput = 2, NoAnswer = 3 };

namespace {

struct Arguments {
  std::string Command;
  pid_t Pid = 0;
  std::string Patch;
  int Milliseconds = 10000;
  bool AsJson = false;
};

} // namespace

static ExitStatus complain(const Arguments &Args, ExitStatus Status,
                           const std::string &Text) {
  static const char *const Names[] = {"ok", "refused", "bad-input",
                                      "no-answer"};
  if (Args.AsJson)
    printf("{\"ok\":false,\"status\":\"%s\",\"message\":%s}\n", Names[Status],
           jsonString(Text).c_str());
  else
    fprintf(stderr, "upstare-ctl: %s\n", Text.c_str());
  return Status;
}

static bool parseTimeout(const char *Text, int &Milliseconds) {
  char *End;
  double Seconds = strtod(Text, &End);
  if (End == Text || *End || !(Seconds > 0) || Seconds > 1e6)
    return false;
  Milliseconds = int(Seconds * 1000);
  return true;
}

static bool parsePid(const std::string &Text, pid_t &Pid) {
  char *End;
  errno = 0;
  long Value = strtol(Text.c_str(), &End, 10);
  Pid = pid_t(Value);
  return !Text.empty() && !*End && !errno && Value > 0 && Value == Pid;
}

/// Fills Args; an error text, or empty.
static std::string parseArguments(int Argc, char **Argv, Arguments &Args) {
  std::vector<std::string> Words;
  for (int I = 1; I < Argc; ++I) {
    std::string Word = Argv[I];
    if (Word == "--json")
      Args.AsJson = true;
    else if (Word == "--timeout" && I + 1 < Argc) {
      if (!parseTimeout(Argv[++I], Args.Milliseconds))
        return std::string("'") + Argv[I] + "' is not a number of seconds";
    } else if (Word.size() > 1 && Word[0] == '-')
      return "unknown option or missing value: " + Word;
    else
      Words.push_back(Word);
  }
  if (Words.empty())
    return "no command given";
  Args.Command = Words[0];
  bool HasPatch = Args.Command == "check" || Args.Command == "apply";
  if (Args.Command != "list" && Args.Command != "status" && !HasPatch)
    return "unknown command: " + Args.Command;
  size_t Expected = Args.Command == "list" ? 1 : HasPatch ? 3 : 2;
  if (Words.size() != Expected)
    return Args.Command + " takes " +
           (HasPatch        ? "PID and PATCH"
            : Expected == 2 ? "PID"
                            : "no argument");
  if (Expected > 1 && !parsePid(Words[1], Args.Pid))
    return "'" + Words[1] + "' is not a process id";
  if (HasPatch)
    Args.Patch = Words[2];
  return "";
}

static ExitStatus report(const Arguments &Args, const Process &Target,
                         const std::string &Text) {
  Json Answer;
  if (!parseJson(Text, Answer) || !Answer.has("ok"))
    return complain(Args, NoAnswer, "the answer is not understood: " + Text);
  bool Good = Answer["ok"].Text == "true";
  if (Args.AsJson) {
    printf("%s\n", Text.c_str());
    return Good ? Done : Refused;
  }
  if (!Good)
    return complain(Args, Refused, Answer["message"].Text);
  if (Args.Command == "status")
    printStatus(Target.info(), Answer);
  else if (Args.Command == "check")
    printCheck(Target.info(), Answer);
  else
    printApply(Target.info(), Answer);
  return Done;
}

static ExitStatus run(const Arguments &Args) {
  if (Args.Command == "list") {
    printProcesses(listProcesses(), Args.AsJson);
    return Done;
  }
  ControlRequest Request;
  Request.Command = Args.Command;
  Request.Milliseconds = Args.Milliseconds;
  if (!Args.Patch.empty()) {
    // Not blocking: the path may name a pipe.
    Request.PatchFd =
        open(Args.Patch.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    struct stat Info;
    if (Request.PatchFd >= 0 && fstat(Request.PatchFd, &Info) == 0 &&
        !S_ISREG(Info.st_mode))
      return complain(Args, BadInput, Args.Patch + " is not a regular file");
    char *Absolute =
        Request.PatchFd < 0 ? nullptr : realpath(Args.Patch.c_str(), nullptr);
    if (!Absolute)
      return complain(Args, BadInput,
                      "cannot open " + Args.Patch + ": " + strerror(errno));
    Request.Path = Absolute;
    free(Absolute);
  }
  Process Target;
  std::string Error, Answer;
  if (!Target.open(Args.Pid, Error) || !ask(Target, Request, Answer, Error))
    return complain(Args, NoAnswer, Error);
  return report(Args, Target, Answer);
}

int main(int Argc, char **Argv) {
  for (int I = 1; I < Argc; ++I)
    if (!strcmp(Argv[I], "--help") || !strcmp(Argv[I], "-h")) {
      fputs(Usage, stdout);
      return Done;
    }
  Arguments Args;
  std::string Error = parseArguments(Argc, Argv, Args);
  if (!Error.empty()) {
    complain(Args, BadInput, Error);
    if (!Args.AsJson)
      fputs(Usage, stderr);
    return BadInput;
  }
  return run(Args);
}
