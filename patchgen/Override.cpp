//===- Override.cpp - the user's override file ----------------------------===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What did the user write? Compiled with -emit-llvm: function definitions are
// hooks, the initialisers of upstare_points and upstare_renames are the maps.
//
//===----------------------------------------------------------------------===//

#include "Override.h"
#include "Problems.h"
#include "upstare/upstare.h"
#include "llvm/IR/Constants.h"
#include "llvm/IRReader/IRReader.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace upstare;
using namespace upstare::patchgen;

/// The text that a constant pointer points to, none for null.
static std::optional<std::string> textAt(const Constant *Pointer) {
  const auto *G = dyn_cast<GlobalVariable>(Pointer->stripPointerCasts());
  if (!G || !G->hasDefinitiveInitializer())
    return std::nullopt;
  if (G->getInitializer()->isNullValue())
    return std::string();
  const auto *Data = dyn_cast<ConstantDataArray>(G->getInitializer());
  if (!Data || !Data->isCString())
    return std::nullopt;
  return Data->getAsCString().str();
}

/// The rows of array Name, up to one whose first field is null.
static Expected<std::vector<const Constant *>> rowsOf(const OverrideFile &File,
                                                      StringRef Name) {
  std::vector<const Constant *> Rows;
  const GlobalVariable *G = File.M->getNamedGlobal(Name);
  if (!G)
    return Rows;
  const auto *Type = dyn_cast<ArrayType>(G->getValueType());
  if (!Type || !G->hasInitializer())
    return badInput(File.Path, Name + " is not an initialised array");
  for (uint64_t I = 0; I != Type->getNumElements(); ++I) {
    const Constant *Row = G->getInitializer()->getAggregateElement(I);
    const Constant *First = Row ? Row->getAggregateElement(0u) : nullptr;
    if (!First || First->isNullValue())
      return Rows;
    Rows.push_back(Row);
  }
  return badInput(File.Path,
                  Name + " does not end with a null name; add { 0 }");
}

static Error readMaps(OverrideFile &File) {
  auto Damaged = [&](StringRef Name) {
    return badInput(File.Path,
                    Name + " has an entry that is not a constant string or "
                           "number");
  };
  auto Points = rowsOf(File, "upstare_points");
  if (!Points)
    return Points.takeError();
  for (const Constant *Row : *Points) {
    auto Function = textAt(Row->getAggregateElement(0u));
    const auto *Old = dyn_cast<ConstantInt>(Row->getAggregateElement(1u));
    const auto *New = dyn_cast<ConstantInt>(Row->getAggregateElement(2u));
    if (!Function || !Old || !New)
      return Damaged("upstare_points");
    File.Points.push_back({*Function, unsigned(Old->getZExtValue()),
                           unsigned(New->getZExtValue())});
  }
  auto Renames = rowsOf(File, "upstare_renames");
  if (!Renames)
    return Renames.takeError();
  for (const Constant *Row : *Renames) {
    auto Old = textAt(Row->getAggregateElement(0u));
    auto New = textAt(Row->getAggregateElement(1u));
    if (!Old || !New)
      return Damaged("upstare_renames");
    File.Renames.push_back({*Old, *New});
  }
  auto Keep = rowsOf(File, "upstare_keep");
  if (!Keep)
    return Keep.takeError();
  for (const Constant *Row : *Keep) {
    auto Function = textAt(Row->getAggregateElement(0u));
    const auto *How = dyn_cast<ConstantInt>(Row->getAggregateElement(1u));
    if (!Function || !How)
      return Damaged("upstare_keep");
    File.Keep.push_back(
        {*Function, How->getZExtValue() == UPSTARE_NEVER_CALLED});
  }
  auto Words = rowsOf(File, "upstare_words");
  if (!Words)
    return Words.takeError();
  for (const Constant *Row : *Words) {
    auto Holder = textAt(Row->getAggregateElement(0u));
    auto Member = textAt(Row->getAggregateElement(1u));
    const auto *What = dyn_cast<ConstantInt>(Row->getAggregateElement(2u));
    if (!Holder || !Member || !What)
      return Damaged("upstare_words");
    if (What->getZExtValue() != UPSTARE_WORD_LEAVE &&
        What->getZExtValue() != UPSTARE_WORD_FORWARD)
      return badInput(File.Path, "upstare_words: {\"" + *Holder + "\", \"" +
                                     *Member +
                                     "\"} says neither UPSTARE_WORD_LEAVE nor "
                                     "UPSTARE_WORD_FORWARD");
    File.Words.push_back({*Holder, *Member, unsigned(What->getZExtValue())});
  }
  return Error::success();
}

Expected<OverrideFile> patchgen::readOverride(const Toolchain &Tools,
                                              StringRef Path, StringRef Header,
                                              StringRef TempDir) {
  std::string Bitcode = (TempDir + "/override.bc").str();
  // The maps are static or external, used or not: nothing may drop them before
  // they are read. The optimiser runs with the rest of the patch.
  if (Error E = Tools.run({Tools.Clang, "-O2", "-Xclang",
                           "-disable-llvm-optzns", "-g0", "-fPIC", "-emit-llvm",
                           "-I", Tools.IncludeDir, "-include", Header.str(),
                           "-c", Path.str(), "-o", Bitcode}))
    return badInput(Path, "does not compile: " + toString(std::move(E)));
  OverrideFile File;
  File.Path = Path.str();
  File.Context = std::make_unique<LLVMContext>();
  SMDiagnostic Diagnostic;
  File.M = parseIRFile(Bitcode, Diagnostic, *File.Context);
  if (!File.M)
    return badInput(Bitcode, Diagnostic.getMessage());
  for (const Function &F : *File.M)
    if (!F.isDeclaration() && !F.hasLocalLinkage())
      File.Defined.insert(F.getName());
  if (Error E = readMaps(File))
    return std::move(E);
  return File;
}
