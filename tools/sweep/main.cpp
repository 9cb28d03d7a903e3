//===- main.cpp - upstare-sweep: arguments and exit status
//-----------------===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Json.h"
#include "Sweep.h"
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <unistd.h>

using namespace upstare;

static const char Usage[] =
    "usage: upstare-sweep --patch PATCH [options] -- PROGRAM [ARGUMENT...]\n"
    "\n"
    "Runs PROGRAM without update, counts the update points that it reaches, "
    "and\n"
    "runs it once more for each of them, updated exactly there. Standard "
    "output\n"
    "and the exit status must be the same each time. PROGRAM must behave the\n"
    "same in each run, and end by exit() or by returning from main.\n"
    "\n"
    "  --patch PATCH   made by upstare-patchgen; PROGRAM's identity patch "
    "(made\n"
    "                  from PROGRAM and PROGRAM) must change nothing\n"
    "  --expect FILE   compare standard output with FILE rather than with the\n"
    "                  run without update\n"
    "  --max N         try at most N points, spread evenly\n"
    "  --step K        try every K-th point only\n"
    "  --stdin FILE    what PROGRAM reads (default: /dev/null)\n"
    "  --stderr        compare standard error too\n"
    "  --timeout SEC   for one run (default: ten times the run without "
    "update,\n"
    "                  and 10 s)\n"
    "  --jobs N        runs at the same time (default: one per processor)\n"
    "  --json          print one line of JSON\n"
    "  --help          print this text\n"
    "\n"
    "A run in which the update did not happen (the program ended before, or "
    "is\n"
    "nowhere in a state that can be updated) counts as \"not applied\".\n"
    "\n"
    "Exit status: 0 every point gave the same output and status, and at least "
    "one\n"
    "update was applied; 1 a difference, or nothing applied; 2 bad usage, or "
    "the\n"
    "program cannot be swept.\n";

enum ExitStatus { Same = 0, Differs = 1, BadInput = 2 };

static ExitStatus complain(const std::string &Text, bool AsJson) {
  if (AsJson)
    printf("{\"ok\":false,\"error\":%s}\n", jsonString(Text).c_str());
  else
    fprintf(stderr, "upstare-sweep: %s\n", Text.c_str());
  return BadInput;
}

static bool parseNumber(const char *Text, uint64_t &Out) {
  char *End;
  errno = 0;
  Out = strtoull(Text, &End, 10);
  return *Text >= '0' && *Text <= '9' && !*End && !errno && Out > 0;
}

namespace {

/// Reads the arguments.
class ArgumentParser {
public:
  ArgumentParser(int Argc, char **Argv, SweepOptions &Options, bool &AsJson)
      : At(Argv + 1), End(Argv + Argc), Options(Options), AsJson(AsJson) {}
  /// An error text, or empty.
  std::string parse();

private:
  char **At, **End;
  SweepOptions &Options;
  bool &AsJson;

  std::string parseValue(const std::string &Name, const char *Value);
};

} // namespace

std::string ArgumentParser::parseValue(const std::string &Name,
                                       const char *Value) {
  uint64_t Number = 0;
  if (Name == "--patch")
    Options.Patch = Value;
  else if (Name == "--expect")
    Options.ExpectFile = Value;
  else if (Name == "--stdin")
    Options.What.Input = Value;
  else if (!parseNumber(Value, Number))
    return std::string(Value) + " is not a number for " + Name;
  else if (Name == "--max")
    Options.Max = Number;
  else if (Name == "--step")
    Options.Step = Number;
  else if (Name == "--timeout")
    Options.Timeout = double(Number);
  else
    Options.Jobs = unsigned(Number);
  return "";
}

std::string ArgumentParser::parse() {
  static const char *const WithValue[] = {"--patch", "--expect", "--stdin",
                                          "--max",   "--step",   "--timeout",
                                          "--jobs"};
  while (At != End && (*At)[0] == '-') {
    std::string Name = *At++;
    if (Name == "--")
      break;
    bool TakesValue = false;
    for (const char *Candidate : WithValue)
      TakesValue |= Name == Candidate;
    if (TakesValue) {
      if (At == End)
        return Name + " needs a value";
      std::string Error = parseValue(Name, *At++);
      if (!Error.empty())
        return Error;
    } else if (Name == "--json") {
      AsJson = true;
    } else if (Name == "--stderr") {
      Options.CompareMessages = true;
    } else {
      return "unknown option " + Name;
    }
  }
  Options.What.Words.assign(At, End);
  if (Options.Patch.empty())
    return "--patch is missing";
  if (Options.What.Words.empty())
    return "no program given";
  char *Absolute = realpath(Options.Patch.c_str(), nullptr);
  if (!Absolute)
    return "cannot open " + Options.Patch + ": " + strerror(errno);
  Options.Patch = Absolute;
  free(Absolute);
  return "";
}

static void printJson(const SweepResult &R) {
  printf("{\"ok\":%s,\"points\":%llu,\"tried\":%llu,\"applied\":%llu,"
         "\"not_applied\":%llu,\"different\":%llu,"
         "\"first_different_point\":%llu,\"first_difference\":%s,"
         "\"first_not_applied_point\":%llu,\"why_not_applied\":%s}\n",
         R.isGood() ? "true" : "false", (unsigned long long)R.Points,
         (unsigned long long)R.Tried, (unsigned long long)R.Applied,
         (unsigned long long)R.NotApplied, (unsigned long long)R.Different,
         (unsigned long long)R.FirstDifferent,
         jsonString(R.FirstDifference).c_str(),
         (unsigned long long)R.FirstNotApplied,
         jsonString(R.WhyNotApplied).c_str());
}

static void printText(const SweepResult &R) {
  printf("%llu update points, %llu tried: %llu updated, %llu not, %llu "
         "different\n",
         (unsigned long long)R.Points, (unsigned long long)R.Tried,
         (unsigned long long)R.Applied, (unsigned long long)R.NotApplied,
         (unsigned long long)R.Different);
  if (R.NotApplied)
    printf("first not updated, at point %llu: %s\n",
           (unsigned long long)R.FirstNotApplied, R.WhyNotApplied.c_str());
  if (R.Different)
    printf("first difference, at point %llu: %s",
           (unsigned long long)R.FirstDifferent, R.FirstDifference.c_str());
}

int main(int Argc, char **Argv) {
  SweepOptions Options;
  bool AsJson = false;
  for (int I = 1; I < Argc && strcmp(Argv[I], "--") != 0; ++I)
    if (!strcmp(Argv[I], "--help") || !strcmp(Argv[I], "-h")) {
      fputs(Usage, stdout);
      return Same;
    }
  std::string Error = ArgumentParser(Argc, Argv, Options, AsJson).parse();
  if (!Error.empty()) {
    complain(Error, AsJson);
    if (!AsJson)
      fputs(Usage, stderr);
    return BadInput;
  }
  SweepResult Result;
  if (!sweep(Options, Result, Error))
    return complain(Error, AsJson);
  AsJson ? printJson(Result) : printText(Result);
  return Result.isGood() ? Same : Differs;
}
