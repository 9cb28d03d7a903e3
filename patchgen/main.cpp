//===- main.cpp - upstare-patchgen ----------------------------------------===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Arguments and exit status: 0 done, 1 the user's help is needed, 2 bad input.
//
//===----------------------------------------------------------------------===//

#include "Driver.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace upstare::patchgen;

static cl::OptionCategory Category("upstare-patchgen options");

#define OPTION(Type, Name, Flag, Text)                                         \
  static cl::opt<Type> Name(Flag, cl::desc(Text), cl::cat(Category))

static cl::list<std::string> Programs(cl::Positional,
                                      cl::desc("OLD NEW: linked programs"),
                                      cl::cat(Category));
static cl::list<std::string>
    OldLibraries("old-library", cl::cat(Category), cl::value_desc("file"),
                 cl::desc("An instrumented library of OLD that is loaded by "
                          "dlopen, or is not where OLD looks for it"));
static cl::list<std::string> NewLibraries("new-library", cl::cat(Category),
                                          cl::value_desc("file"),
                                          cl::desc("The same for NEW"));
OPTION(std::string, Output, "o", "The patch to write");
OPTION(std::string, Override, "override",
       "C or C++ file with transformers and maps of your own");
OPTION(std::string, PrintOverrides, "print-overrides",
       "Write all default transformers to this file, for editing");
OPTION(std::string, Header, "header",
       "Write the header that override files are compiled with");
OPTION(bool, PrintPoints, "print-points",
       "Print the continuation points of both versions and their mapping");
OPTION(bool, RefuseUnmapped, "refuse-unmapped",
       "Ask for no help: updates wait while a frame is at a point that would "
       "need it");
OPTION(bool, KeepRemoved, "keep-removed",
       "Let the old code of removed functions run where a pointer to them is "
       "kept, if that is safe");
OPTION(bool, AllowStackSwitches, "allow-stack-switches",
       "Assembler code of OLD goes to other stacks, but none is in use when "
       "updates come");
OPTION(std::string, Report, "report",
       "Write a report to this file (-: stdout)");
OPTION(bool, Json, "json", "Write the report as JSON (to stdout by default)");
OPTION(std::string, KeepTemps, "keep-temps",
       "Keep intermediate files in this folder");
OPTION(unsigned, Jobs, "j", "Modules built at a time (default: 2)");
static cl::opt<std::string>
    Level("O", cl::Prefix, cl::cat(Category),
          cl::desc("Optimisation level instead of NEW's: 0 1 2 3 s z"));

static Settings settings() {
  Settings S;
  S.Old = Programs[0];
  S.New = Programs[1];
  S.OldLibraries.assign(OldLibraries.begin(), OldLibraries.end());
  S.NewLibraries.assign(NewLibraries.begin(), NewLibraries.end());
  S.Output = Output;
  S.Override = Override;
  S.Header = Header;
  S.PrintOverrides = PrintOverrides;
  S.Report = Json && Report.empty() ? std::string("-") : Report;
  S.KeepTemps = KeepTemps;
  S.Level = Level;
  S.PrintPoints = PrintPoints;
  S.RefuseUnmapped = RefuseUnmapped;
  S.KeepRemoved = KeepRemoved;
  S.AllowStackSwitches = AllowStackSwitches;
  S.Json = Json;
  S.Jobs = Jobs ? Jobs : 2;
  return S;
}

static int usage(const Twine &Text) {
  errs()
      << "upstare-patchgen: error: " << Text
      << "\nusage: upstare-patchgen OLD NEW -o PATCH [options]; see --help\n";
  return 2;
}

int main(int Argc, char **Argv) {
  InitLLVM Init(Argc, Argv);
  InitializeNativeTarget();
  InitializeNativeTargetAsmPrinter();
  InitializeNativeTargetAsmParser();
  InitializeNativeTargetDisassembler();
  cl::HideUnrelatedOptions(Category);
  std::string Complaint;
  raw_string_ostream Complaints(Complaint);
  if (!cl::ParseCommandLineOptions(
          Argc, Argv, "Makes a patch that updates a running program\n",
          &Complaints))
    return usage(StringRef(Complaint).trim());
  if (Programs.size() != 2)
    return usage("give two programs: the running one and its next version");
  if (Output.empty() && Header.empty() && PrintOverrides.empty() &&
      Report.empty() && !Json && !PrintPoints)
    return usage("nothing to do: give -o");
  if (!Level.empty() &&
      (Level.size() != 1 || !StringRef("0123sz").contains(Level[0])))
    return usage("-O is one of 0 1 2 3 s z");

  auto Result = generate(settings(), Argv[0]);
  if (Result)
    return *Result == Outcome::Done ? 0 : 1;
  handleAllErrors(Result.takeError(), [](const ErrorInfoBase &E) {
    errs() << "upstare-patchgen: error: " << E.message() << '\n';
  });
  return 2;
}
