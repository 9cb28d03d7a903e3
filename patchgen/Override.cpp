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

/// The text that the constant pointer there points to.
static std::optional<std::string> textAt(const Constant *Row, unsigned Index) {
  const auto *G = dyn_cast<GlobalVariable>(
      Row->getAggregateElement(Index)->stripPointerCasts());
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

static std::optional<uint64_t> numberAt(const Constant *Row, unsigned Index) {
  const auto *Number = dyn_cast<ConstantInt>(Row->getAggregateElement(Index));
  return Number ? std::optional(Number->getZExtValue()) : std::nullopt;
}

/// Calls Read, which says whether it could make something of it, for each row.
static Error readRows(const OverrideFile &File, StringRef Name,
                      function_ref<bool(const Constant *)> Read) {
  auto Rows = rowsOf(File, Name);
  if (!Rows)
    return Rows.takeError();
  if (!llvm::all_of(*Rows, Read))
    return badInput(File.Path,
                    Name + " has an entry that is not a constant string or "
                           "number");
  return Error::success();
}

static Error checkWords(const OverrideFile &File) {
  for (const WordRow &R : File.Words)
    if (R.Holder == UntypedMemory && R.What == UPSTARE_WORD_FORWARD)
      return badInput(File.Path,
                      "upstare_words: words in memory without types cannot be "
                      "forwarded; say UPSTARE_WORD_LEAVE for " +
                          R.Member +
                          ", and write to them in upstare_finish, or see that "
                          "they are not used");
    else if (R.What != UPSTARE_WORD_LEAVE && R.What != UPSTARE_WORD_FORWARD)
      return badInput(File.Path, "upstare_words: {\"" + R.Holder + "\", \"" +
                                     R.Member +
                                     "\"} says neither UPSTARE_WORD_LEAVE nor "
                                     "UPSTARE_WORD_FORWARD");
  return Error::success();
}

static Error readRenameRows(OverrideFile &File) {
  return readRows(File, "upstare_renames", [&](const Constant *Row) {
    auto Old = textAt(Row, 0), New = textAt(Row, 1);
    if (Old && New)
      File.Renames.push_back({*Old, *New});
    return Old && New;
  });
}

static Error readMaps(OverrideFile &File) {
  if (Error E = readRows(File, "upstare_points", [&](const Constant *Row) {
        auto Function = textAt(Row, 0);
        auto Old = numberAt(Row, 1), New = numberAt(Row, 2);
        if (Function && Old && New)
          File.Points.push_back({*Function, unsigned(*Old), unsigned(*New)});
        return Function && Old && New;
      }))
    return E;
  if (Error E = readRenameRows(File))
    return E;
  if (Error E = readRows(File, "upstare_keep", [&](const Constant *Row) {
        auto Function = textAt(Row, 0);
        auto How = numberAt(Row, 1);
        if (Function && How)
          File.Keep.push_back({*Function, *How == UPSTARE_NEVER_CALLED});
        return Function && How;
      }))
    return E;
  if (Error E = readRows(File, "upstare_words", [&](const Constant *Row) {
        auto Holder = textAt(Row, 0), Member = textAt(Row, 1);
        auto What = numberAt(Row, 2);
        if (Holder && Member && What)
          File.Words.push_back({*Holder, *Member, unsigned(*What)});
        return Holder && Member && What;
      }))
    return E;
  return checkWords(File);
}

static Error loadBitcode(OverrideFile &File, StringRef Bitcode) {
  File.Context = std::make_unique<LLVMContext>();
  SMDiagnostic Diagnostic;
  File.M = parseIRFile(Bitcode, Diagnostic, *File.Context);
  return File.M ? Error::success() : badInput(Bitcode, Diagnostic.getMessage());
}

/// "= {…}" behind the name of the array in preprocessed text; "" if it has
/// none.
static StringRef initialiserOf(StringRef Text, StringRef Array) {
  size_t At = 0;
  do {
    At = Text.find(Array, At);
    if (At == StringRef::npos)
      return "";
    At += Array.size();
  } while (!Text.substr(At).ltrim().starts_with("["));
  size_t Begin = Text.find('=', At), End = Begin;
  bool Quoted = false;
  for (; End < Text.size() && (Quoted || Text[End] != ';'); ++End)
    if (Text[End] == '"' && Text[End - 1] != '\\')
      Quoted = !Quoted;
  return Text.slice(Begin, End);
}

Error patchgen::readRenames(OverrideFile &Out, const Toolchain &Tools,
                            StringRef Path, StringRef TempDir) {
  std::string Text = (TempDir + "/override.i").str();
  std::string Source = (TempDir + "/renames.c").str();
  std::string Bitcode = (TempDir + "/renames.bc").str();
  if (Error E = Tools.run({Tools.Clang, "-E", "-P", "-I", Tools.IncludeDir,
                           Path.str(), "-o", Text}))
    return badInput(Path, "does not compile: " + toString(std::move(E)));
  auto Read = MemoryBuffer::getFile(Text);
  if (!Read)
    return badInput(Text, Read.getError().message());
  StringRef Rows = initialiserOf((*Read)->getBuffer(), "upstare_renames");
  if (Rows.empty())
    return Error::success();
  std::string C = "#include \"upstare/upstare.h\"\n"
                  "const struct upstare_rename_override upstare_renames[] " +
                  Rows.str() + ";\n";
  if (Error E = writeFile(Source, C))
    return E;
  if (Error E = Tools.run({Tools.Clang, "-w", "-g0", "-emit-llvm", "-I",
                           Tools.IncludeDir, "-c", Source, "-o", Bitcode}))
    return badInput(Path,
                    "upstare_renames must be an array of string literals: " +
                        toString(std::move(E)));
  OverrideFile File;
  File.Path = Out.Path = Path.str();
  if (Error E = loadBitcode(File, Bitcode))
    return E;
  if (Error E = readRenameRows(File))
    return E;
  Out.Renames = std::move(File.Renames);
  return Error::success();
}

Expected<OverrideFile> patchgen::readOverride(const Toolchain &Tools,
                                              StringRef Path, StringRef Header,
                                              StringRef TempDir) {
  std::string Bitcode = (TempDir + "/override.bc").str();
  // The maps are static or external, used or not: nothing may drop them before
  // they are read. The optimiser runs with the rest of the patch.
  if (Error E =
          Tools.run({Tools.Clang, "-O2", "-Xclang", "-disable-llvm-optzns",
                     "-fkeep-static-consts", "-g0", "-fPIC", "-emit-llvm", "-I",
                     Tools.IncludeDir, "-include", Header.str(), "-c",
                     Path.str(), "-o", Bitcode}))
    return badInput(Path, "does not compile: " + toString(std::move(E)));
  OverrideFile File;
  File.Path = Path.str();
  if (Error E = loadBitcode(File, Bitcode))
    return std::move(E);
  for (const Function &F : *File.M)
    if (!F.isDeclaration() && !F.hasLocalLinkage())
      File.Defined.insert(F.getName());
  if (Error E = readMaps(File))
    return std::move(E);
  return File;
}
