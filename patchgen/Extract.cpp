//===- Extract.cpp - an instrumented program, taken apart -----------------===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What does a linked program hold? Each instrumented object contributes two
// blobs to .llvmcmd (abi.def): its bitcode with the addresses of its globals,
// and the addresses of its functions. The linker concatenates them, in link
// order, with zero bytes between them.
//
//===----------------------------------------------------------------------===//

#include "Extract.h"
#include "Definitions.h"
#include "Libraries.h"
#include "Literals.h"
#include "Names.h"
#include "OutsideUses.h"
#include "Problems.h"
#include "Unsupported.h"
#include "upstare/abi.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Bitcode/BitcodeReader.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/SHA1.h"

using namespace llvm;
using namespace upstare;
using namespace upstare::patchgen;

namespace {

struct Blob {
  upstare_blob Head;
  StringRef Options, Payload;
  std::vector<upstare_symbol> Symbols;
};

std::string sourcePath(const Module &M) {
  SmallString<128> Path;
  if (!M.debug_compile_units().empty()) {
    const DICompileUnit *CU = *M.debug_compile_units_begin();
    Path = CU->getFilename();
    sys::fs::make_absolute(CU->getDirectory(), Path);
  } else {
    Path = M.getSourceFileName();
  }
  sys::path::remove_dots(Path, /*remove_dot_dot=*/true);
  return Path.str().str();
}

/// What was compiled to the blob at the start of Bytes, of another version: if
/// its head is like ours, the bitcode in it says so.
std::string sourceOf(const upstare_blob &Head, ArrayRef<uint8_t> Bytes) {
  StringRef Text(reinterpret_cast<const char *>(Bytes.data()), Bytes.size());
  LLVMContext Context;
  auto M = parseBitcodeFile(
      MemoryBufferRef(Text.substr(Text.find("BC\xc0\xde"), Head.payload_size),
                      ""),
      Context);
  if (M)
    return sourcePath(**M);
  consumeError(M.takeError());
  return "one of its objects";
}

/// Reads the blob at the start of Bytes; sets Length to what it occupies.
Expected<Blob> readBlob(StringRef Path, ArrayRef<uint8_t> Bytes,
                        uint64_t &Length) {
  Blob B;
  auto Truncated = [&] {
    return badInput(Path, "damaged " UPSTARE_BLOB_SECTION
                          " section; link the program again");
  };
  if (Bytes.size() < sizeof(B.Head))
    return Truncated();
  memcpy(&B.Head, Bytes.data(), sizeof(B.Head));
  if (B.Head.abi_version != UPSTARE_ABI_VERSION)
    return badInput(Path, sourceOf(B.Head, Bytes) +
                              " was instrumented by another version of UpStare "
                              "(ABI " +
                              Twine(B.Head.abi_version) + ", this is ABI " +
                              Twine(UPSTARE_ABI_VERSION) +
                              "); build it again, or use the upstare-patchgen "
                              "that came with its compiler");
  uint64_t Left = Bytes.size() - sizeof(B.Head);
  uint64_t OptionBytes = alignTo(uint64_t(B.Head.options_size), 8);
  if (OptionBytes > Left || B.Head.payload_size > Left - OptionBytes)
    return Truncated();
  uint64_t PayloadBytes = alignTo(B.Head.payload_size, 8);
  uint64_t SymbolBytes = B.Head.symbol_count * sizeof(upstare_symbol);
  uint64_t Size = OptionBytes + PayloadBytes + SymbolBytes;
  if (Size > Left)
    return Truncated();
  const auto *Text = reinterpret_cast<const char *>(Bytes.data());
  Text += sizeof(B.Head);
  B.Options = StringRef(Text, B.Head.options_size);
  B.Payload = StringRef(Text + OptionBytes, B.Head.payload_size);
  B.Symbols.resize(B.Head.symbol_count);
  if (SymbolBytes)
    memcpy(B.Symbols.data(), Text + OptionBytes + PayloadBytes, SymbolBytes);
  Length = sizeof(B.Head) + Size;
  return B;
}

Expected<std::vector<Blob>> readBlobs(StringRef Path,
                                      ArrayRef<uint8_t> Section) {
  std::vector<Blob> Blobs;
  for (uint64_t At = 0; At + 8 <= Section.size();) {
    if (memcmp(Section.data() + At, UPSTARE_BLOB_MAGIC, 8) != 0) {
      At += 8;
      continue;
    }
    uint64_t Length = 0;
    auto B = readBlob(Path, Section.drop_front(At), Length);
    if (!B)
      return B.takeError();
    Blobs.push_back(std::move(*B));
    At += alignTo(Length, 8);
  }
  return Blobs;
}

Expected<std::unique_ptr<Unit>> parseUnit(StringRef Path, const Blob &B) {
  auto U = std::make_unique<Unit>();
  auto [Text, Digest] = B.Options.split(DigestKey);
  if (Digest.getAsInteger(16, U->Digest))
    return badInput(Path, "does not say how its frames are laid out; build it "
                          "again with this upstare-cc");
  auto Opts = Options::parse(Text);
  if (!Opts)
    return badInput(Path, "was compiled with options that this "
                          "upstare-patchgen does not know: " +
                              toString(Opts.takeError()));
  U->Opts = std::move(*Opts);
  U->Opts.EmbedBitcode = false;
  U->Context = std::make_unique<LLVMContext>();
  auto M = parseBitcodeFile(MemoryBufferRef(B.Payload, Path), *U->Context);
  if (!M)
    return badInput(Path, "holds bitcode that cannot be read: " +
                              toString(M.takeError()));
  U->M = std::move(*M);
  U->SourcePath = sourcePath(*U->M);
  return U;
}

Error readModules(Program &P, unsigned Index) {
  Image &I = *P.Images[Index];
  auto Section = I.File->section(UPSTARE_BLOB_SECTION);
  if (!Section)
    return Section.takeError();
  if (Section->empty())
    return badInput(
        I.path(),
        "has no section " UPSTARE_BLOB_SECTION
        ": compile and link it with upstare-cc (not with -g0; not with GNU "
        "ld and --gc-sections), and give the file as linked "
        "(before strip)");
  auto Blobs = readBlobs(I.path(), *Section);
  if (!Blobs)
    return Blobs.takeError();
  for (const Blob &B : *Blobs) {
    bool IsModule = B.Head.kind == UPSTARE_BLOB_MODULE;
    bool IsUnnamed = B.Head.kind == UPSTARE_BLOB_LITERALS;
    auto &Addresses = IsModule    ? I.GlobalAddress
                      : IsUnnamed ? I.LiteralAddress
                                  : I.FunctionAddress;
    for (const upstare_symbol &S : B.Symbols) {
      if (uint64_t &Address = Addresses[S.key]; !Address)
        Address = S.address;
      if (IsUnnamed)
        I.UnnamedAddresses.insert(S.address);
    }
    if (!IsModule)
      continue;
    auto U = parseUnit(I.path(), B);
    if (!U)
      return U.takeError();
    (*U)->Image = Index;
    P.Units.push_back(std::move(*U));
  }
  if (P.Units.empty() || P.Units.back()->Image != Index)
    return badInput(I.path(), "holds bitcode that is not UpStare's (was it "
                              "compiled with -fembed-bitcode?); compile it "
                              "with upstare-cc");
  return Error::success();
}

Expected<std::unique_ptr<Image>> openImage(std::unique_ptr<ElfFile> File) {
  auto I = std::make_unique<Image>();
  I->File = std::move(File);
  auto Id = I->File->buildId();
  if (!Id)
    return Id.takeError();
  I->BuildId = *Id;
  auto Dynamic = I->File->dynamic();
  if (!Dynamic)
    return Dynamic.takeError();
  I->Dynamic = std::move(*Dynamic);
  auto Exports = I->File->dynamicSymbols();
  if (!Exports)
    return Exports.takeError();
  I->Exports = std::move(*Exports);
  return I;
}

/// A function without a symbol would be taken for code that is not
/// instrumented.
Error checkLocalSymbols(const Image &I, ArrayRef<std::unique_ptr<Unit>> Units) {
  std::set<uint64_t> Named;
  for (const ElfSymbol &S : I.Symbols)
    Named.insert(S.Address);
  for (const auto &U : Units)
    for (const Function &F : *U->M) {
      if (!F.hasLocalLinkage() || F.isDeclaration())
        continue;
      auto It = I.FunctionAddress.find(keyOf(F));
      if (It != I.FunctionAddress.end() && It->second &&
          !Named.count(It->second))
        return badInput(I.path(), "is stripped of local symbols, such as " +
                                      F.getName() +
                                      "(); give the file as linked (the "
                                      "running copy may be stripped)");
    }
  return Error::success();
}

Error readImage(Program &P, std::unique_ptr<Image> I) {
  P.Images.push_back(std::move(I));
  Image &Added = *P.Images.back();
  size_t FirstUnit = P.Units.size();
  if (Error E = readModules(P, P.Images.size() - 1))
    return E;
  auto Symbols = Added.File->symbols();
  if (!Symbols)
    return Symbols.takeError();
  if (Symbols->empty())
    return badInput(Added.path(),
                    "is stripped of its symbol table; give the file as linked "
                    "(the running copy may be stripped)");
  Added.Symbols = std::move(*Symbols);
  return checkLocalSymbols(Added, ArrayRef(P.Units).drop_front(FirstUnit));
}

Error readLibraries(Program &P, const std::vector<std::string> &Given) {
  auto Libraries = findLibraries(*P.Images[0]->File, Given);
  if (!Libraries)
    return Libraries.takeError();
  StringMap<std::string> Before; // names of plain libraries so far
  for (Library &L : *Libraries) {
    if (!L.Instrumented) {
      auto Dynamic = L.File->dynamic();
      if (!Dynamic)
        return Dynamic.takeError();
      bool HasSoName = !Dynamic->SoName.empty();
      if (L.Direct)
        P.PlainLibraries.push_back(
            {L.File->path(), HasSoName ? Dynamic->SoName : L.Name, HasSoName});
      auto Names = L.File->dynamicSymbols();
      if (!Names)
        return Names.takeError();
      for (const auto &Entry : *Names)
        if (Entry.second.IsDefined)
          Before.try_emplace(Entry.first(), L.File->path());
        else if (Entry.second.IsRelocated)
          P.AskedByPlain.try_emplace(Entry.first(),
                                     sys::path::filename(L.File->path()).str());
      continue;
    }
    auto I = openImage(std::move(L.File));
    if (!I)
      return I.takeError();
    (*I)->AtStart = L.AtStart;
    for (const auto &Entry : (*I)->Exports)
      if (auto It = Before.find(Entry.first());
          Entry.second.IsDefined && It != Before.end())
        (*I)->Hidden[Entry.first()] = It->second;
    if (Error E = readImage(P, std::move(*I)))
      return E;
  }
  return Error::success();
}

} // namespace

std::string Image::name() const {
  return Dynamic.SoName.empty() ? sys::path::filename(path()).str()
                                : Dynamic.SoName;
}

bool Image::exports(StringRef Name) const {
  auto It = Exports.find(Name);
  return It != Exports.end() && It->second.IsDefined;
}

std::array<uint8_t, 20> Program::versionId() const {
  if (Images.size() == 1)
    return Images[0]->BuildId;
  SHA1 Hash;
  for (const auto &I : Images)
    Hash.update(I->BuildId);
  return Hash.final();
}

bool patchgen::isIn(const std::vector<CodeRange> &Ranges, unsigned Image,
                    uint64_t Address) {
  auto After =
      llvm::upper_bound(Ranges, std::make_pair(Image, Address),
                        [](const auto &At, const CodeRange &R) {
                          return At < std::make_pair(R.Image, R.Address);
                        });
  return After != Ranges.begin() && std::prev(After)->Image == Image &&
         Address - std::prev(After)->Address < std::prev(After)->Size;
}

StringRef patchgen::functionOfPart(StringRef Symbol) {
  if (Symbol.starts_with(MainName))
    Symbol = Symbol.drop_front(StringRef(MainName).size() - strlen("main"));
  return Symbol.split('.').first;
}

std::vector<CodeRange> Program::codeRanges() const {
  StringSet<> Names;
  for (const auto &[Key, F] : Functions)
    Names.insert(F.Name);
  std::vector<CodeRange> Ranges;
  for (unsigned Index = 0; Index != Images.size(); ++Index) {
    const Image &I = *Images[Index];
    std::set<uint64_t> Entries;
    for (const auto &[Key, Address] : I.FunctionAddress)
      if (Address)
        Entries.insert(Address);
    for (const ElfSymbol &S : I.Symbols) {
      if (!S.IsCode || !S.Size)
        continue;
      StringRef Base = functionOfPart(S.Name);
      if (Entries.count(S.Address) ||
          (Base.size() != S.Name.size() && Names.contains(Base)))
        Ranges.push_back({Index, S.Address, S.Size});
    }
  }
  llvm::sort(Ranges, [](const CodeRange &A, const CodeRange &B) {
    return std::tie(A.Image, A.Address) < std::tie(B.Image, B.Address);
  });
  std::vector<CodeRange> Merged;
  for (const CodeRange &R : Ranges) {
    if (!Merged.empty() && R.Image == Merged.back().Image &&
        R.Address < Merged.back().Address + Merged.back().Size) {
      uint64_t End = std::max(R.Address + R.Size,
                              Merged.back().Address + Merged.back().Size);
      Merged.back().Size = End - Merged.back().Address;
      continue;
    }
    Merged.push_back(R);
  }
  return Merged;
}

Expected<std::unique_ptr<Program>>
patchgen::extract(StringRef Path, const std::vector<std::string> &Libraries) {
  auto P = std::make_unique<Program>();
  auto File = ElfFile::open(Path);
  if (!File)
    return File.takeError();
  auto I = openImage(std::move(*File));
  if (!I)
    return I.takeError();
  if (Error E = readImage(*P, std::move(*I)))
    return E;
  if (Error E = readLibraries(*P, Libraries))
    return E;
  if (Error E = collectDefinitions(*P))
    return E;
  markOutsideUses(*P);
  if (Error E = checkUnsupported(*P))
    return E;
  P->Literals = findLiterals(*P);
  return P;
}
