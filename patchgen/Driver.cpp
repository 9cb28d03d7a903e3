//===- Driver.cpp - from two programs to a patch --------------------------===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The stages of patchgen in order:
//   read both programs → instrument (shapes) → [override file] → analyse
//   → report; missing pieces end here → build → tables → link.
//
//===----------------------------------------------------------------------===//

#include "Driver.h"
#include "Instrument.h"
#include "Link.h"
#include "Report.h"
#include "StackSwitches.h"
#include "Tables.h"
#include "upstare/abi.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace upstare;
using namespace upstare::patchgen;

namespace {

class Generator {
public:
  Generator(const Settings &S, Toolchain Tools, TempFolder Temp)
      : S(S), Tools(std::move(Tools)), Temp(std::move(Temp)) {}

  Expected<Outcome> run();

private:
  Error readPrograms();
  Error analyseWithOverride();
  Error writeHeader(const std::string &Path);
  Error printForUser();
  Error makePatch();
  Error writeReport();

  const Settings &S;
  Toolchain Tools;
  TempFolder Temp;
  std::unique_ptr<Program> Old, New;
  OverrideFile Override;
  std::unique_ptr<Analysis> A;
  BuiltCode Code;
};

Error Generator::readPrograms() {
  auto ReadOld = extract(S.Old, S.OldLibraries);
  if (!ReadOld)
    return ReadOld.takeError();
  Old = std::move(*ReadOld);
  auto ReadNew = extract(S.New, S.NewLibraries);
  if (!ReadNew)
    return ReadNew.takeError();
  New = std::move(*ReadNew);
  if (!S.AllowStackSwitches)
    if (Error E = checkStackSwitches(*Old))
      return E;
  if (!S.Level.empty())
    for (auto &U : New->Units)
      U->Opts.Level = S.Level;
  if (Error E = instrument(*Old, /*RebuildClones=*/false, S.Jobs))
    return E;
  return instrument(*New, /*RebuildClones=*/true, S.Jobs);
}

Error Generator::writeHeader(const std::string &Path) {
  std::string Text;
  raw_string_ostream OS(Text);
  A->Types.emitHeader(OS);
  return writeFile(Path, OS.str());
}

/// The override file is compiled against a header that depends on how functions
/// and globals are matched, which the override file may change. So: analyse
/// with its renames alone, compile it, analyse with all of it.
Error Generator::analyseWithOverride() {
  RemovalPolicy Policy{S.KeepRemoved, S.RefuseUnmapped};
  if (!S.Override.empty())
    if (Error E = readRenames(Override, Tools, S.Override, Temp.path()))
      return E;
  auto First = analyse(*Old, *New, Override, Policy);
  if (!First)
    return First.takeError();
  A = std::move(*First);
  if (S.Override.empty())
    return Error::success();
  std::string Header = Temp.file("upstare-overrides.h");
  if (Error E = writeHeader(Header))
    return E;
  auto Read = readOverride(Tools, S.Override, Header, Temp.path());
  if (!Read)
    return Read.takeError();
  // Not assigned: that would destroy the context before the module in it.
  std::swap(Override, *Read);
  auto Next = analyse(*Old, *New, Override, Policy);
  if (!Next)
    return Next.takeError();
  A = std::move(*Next);
  return Error::success();
}

Error Generator::printForUser() {
  if (!S.Header.empty())
    if (Error E = writeHeader(S.Header))
      return E;
  if (!S.PrintOverrides.empty()) {
    std::string Text;
    raw_string_ostream OS(Text);
    A->Types.emitDefaults(OS, /*Weak=*/false,
                          S.Header.empty() ? StringRef()
                                           : sys::path::filename(S.Header));
    if (Error E = writeFile(S.PrintOverrides, OS.str()))
      return E;
  }
  if (S.PrintPoints)
    printPoints(outs(), *A);
  return Error::success();
}

Error Generator::makePatch() {
  auto Externals = findExternals(Tools, *Old, *New, A->Plan);
  if (!Externals)
    return Externals.takeError();
  // Text before the modules change: it is made from them.
  std::string Header = Temp.file("upstare-patch.h");
  if (Error E = writeHeader(Header))
    return E;
  auto Built = buildCode(*Old, *New, A->Plan, *Externals, Temp, S.Jobs);
  if (!Built)
    return Built.takeError();
  Code = std::move(*Built);
  PatchTables Tables = makeTables(*Old, *New, *A, Override, Code, *Externals);
  LinkJob Job;
  Job.Objects = Code.Objects;
  Job.Output = S.Output;
  Job.BinderName = Tables.BinderName;
  for (const PatchBind &B : Tables.Binds)
    if (B.Kind != UPSTARE_BIND_END)
      Job.Binds.push_back(B.Symbol);

  std::string Text;
  raw_string_ostream OS(Text);
  emitPatchSource(OS, std::move(Tables), A->Types, sys::path::filename(Header));
  std::string Source = Temp.file("upstare-patch.c");
  if (Error E = writeFile(Source, OS.str()))
    return E;
  std::string Glue = Temp.file("upstare-patch.o");
  if (Error E = compileGlue(Tools, Source, Glue))
    return E;
  Job.Objects.push_back(Glue);
  auto Support = buildSupport(*New, Temp);
  if (!Support)
    return Support.takeError();
  Job.Objects.push_back(*Support);
  if (Override.M) {
    auto Object = buildOverride(Override, *New, A->Plan, *Externals, Temp);
    if (!Object)
      return Object.takeError();
    Job.Objects.push_back(*Object);
  }
  return linkPatch(Tools, *Externals, Temp, Job);
}

Error Generator::writeReport() {
  ReportInput Input{*Old, *New, *A, S.Output};
  std::string Text;
  raw_string_ostream OS(Text);
  if (S.Json)
    printJsonReport(OS, Input);
  else
    printReport(OS, Input);
  return writeFile(S.Report, OS.str());
}

Expected<Outcome> Generator::run() {
  if (Error E = readPrograms())
    return std::move(E);
  if (Error E = analyseWithOverride())
    return std::move(E);
  if (Error E = printForUser())
    return std::move(E);
  bool Complete = A->Found.Missing.empty();
  if (Complete && !S.Output.empty())
    if (Error E = makePatch())
      return std::move(E);
  if (!S.Report.empty())
    if (Error E = writeReport())
      return std::move(E);
  if (!S.Output.empty() || Complete)
    printMessages(errs(), A->Found);
  return Complete ? Outcome::Done : Outcome::NeedsHelp;
}

} // namespace

Expected<Outcome> patchgen::generate(const Settings &S, const char *Argv0) {
  auto Tools = Toolchain::find(Argv0);
  if (!Tools)
    return Tools.takeError();
  auto Temp = TempFolder::create(S.KeepTemps);
  if (!Temp)
    return Temp.takeError();
  return Generator(S, std::move(*Tools), std::move(*Temp)).run();
}
