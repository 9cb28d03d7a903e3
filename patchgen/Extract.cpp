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
#include "Fingerprint.h"
#include "Names.h"
#include "Problems.h"
#include "upstare/abi.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Bitcode/BitcodeReader.h"
#include "llvm/IR/Operator.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/Path.h"

using namespace llvm;
using namespace upstare;
using namespace upstare::patchgen;

namespace {

struct Blob {
  upstare_blob Head;
  StringRef Options, Payload;
  std::vector<upstare_symbol> Symbols;
};

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
    return badInput(Path, "was instrumented by another version of UpStare "
                          "(ABI " +
                              Twine(B.Head.abi_version) + ", this is ABI " +
                              Twine(UPSTARE_ABI_VERSION) +
                              "); use the upstare-patchgen that came with "
                              "its compiler");
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

/// Whether Candidate's definition replaces Present's when both have one name:
/// the linker takes the first, unless only a later one is strong.
bool replaces(const GlobalValue &Candidate, const GlobalValue &Present) {
  return !Candidate.isWeakForLinker() && Present.isWeakForLinker();
}

Error duplicateLocal(StringRef Path, const Unit &A, const Unit &B,
                     StringRef Name) {
  return badInput(Path, "two static symbols named '" + Name + "', in " +
                            A.SourcePath + " and " + B.SourcePath +
                            ", cannot be told apart; is one file compiled "
                            "twice into the program? Rename one of them");
}

template <typename Def, typename Value>
Error addDefinition(Program &P, Unit &U, Value &V,
                    std::map<uint64_t, Def> &Definitions,
                    const std::map<uint64_t, uint64_t> &Addresses, Def D) {
  D.Key = keyOf(V);
  D.Name = V.getName().str();
  D.Owner = &U;
  D.Local = V.hasLocalLinkage();
  if (auto It = Addresses.find(D.Key); It != Addresses.end())
    D.Address = It->second;
  auto [It, Inserted] = Definitions.try_emplace(D.Key, D);
  if (Inserted)
    return Error::success();
  if (D.Local || It->second.Local)
    return duplicateLocal(P.path(), *It->second.Owner, U, D.Name);
  if (It->second.Name != D.Name)
    return badInput(P.path(), "the names '" + It->second.Name + "' and '" +
                                  D.Name + "' have the same hash; rename one");
  return Error::success();
}

/// No blob lists thread-local variables: their offsets have no relocation that
/// every linker knows in such a section. The symbol table has them.
Error locateThreadLocal(const Program &P, GlobalDef &D) {
  const ElfSymbol *Found = nullptr;
  for (const ElfSymbol &S : P.Symbols) {
    if (!S.IsThreadLocal || S.Name != D.Name)
      continue;
    if (Found && Found->Address != S.Address)
      return badInput(P.path(), "several thread-local variables are named '" +
                                    D.Name +
                                    "' and cannot be told apart; rename one");
    Found = &S;
  }
  D.Address = Found ? ThreadLocalBase + Found->Address : 0;
  return Error::success();
}

/// The blobs say nothing of which of several weak definitions was linked, and
/// need not: the first strong one, else the first.
Error collectDefinitions(Program &P) {
  for (auto &U : P.Units) {
    for (Function &F : *U->M) {
      if (F.isDeclaration() || F.hasAvailableExternallyLinkage())
        continue;
      FunctionDef D;
      D.F = &F;
      D.Fingerprint = fingerprint(F);
      D.AddressTaken = F.hasAddressTaken(nullptr, /*IgnoreCallbackUses=*/false,
                                         /*IgnoreAssumeLikeCalls=*/true,
                                         /*IgnoreLLVMUsed=*/true);
      if (auto It = P.Functions.find(keyOf(F)); It != P.Functions.end()) {
        It->second.AddressTaken |= D.AddressTaken;
        D.AddressTaken = It->second.AddressTaken;
        if (!F.hasLocalLinkage() && replaces(F, *It->second.F))
          P.Functions.erase(It);
      }
      if (Error E = addDefinition(P, *U, F, P.Functions, P.FunctionAddress, D))
        return E;
    }
    for (GlobalVariable &G : U->M->globals()) {
      if (G.isDeclaration() || G.hasAvailableExternallyLinkage() ||
          G.hasPrivateLinkage() || !G.hasName() ||
          G.getName().starts_with("llvm."))
        continue;
      GlobalDef D;
      D.G = &G;
      if (auto It = P.Globals.find(keyOf(G)); It != P.Globals.end() &&
                                              !G.hasLocalLinkage() &&
                                              replaces(G, *It->second.G))
        P.Globals.erase(It);
      if (Error E = addDefinition(P, *U, G, P.Globals, P.GlobalAddress, D))
        return E;
      if (G.isThreadLocal())
        if (Error E = locateThreadLocal(P, P.Globals.at(keyOf(G))))
          return E;
    }
  }
  return Error::success();
}

/// Aliases are names; a weak one gives way to a definition.
void collectAliases(Program &P) {
  for (auto &U : P.Units)
    for (const GlobalAlias &A : U->M->aliases()) {
      uint64_t Key = upstare_key(A.getName().str().c_str());
      if (A.hasLocalLinkage() || P.Functions.count(Key) || P.Globals.count(Key))
        continue;
      const GlobalObject *Target = A.getAliaseeObject();
      if (const auto *F = dyn_cast_or_null<Function>(Target)) {
        P.FunctionAliases.try_emplace(A.getName().str(), keyOf(*F));
        // The optimiser may have given a static function the alias's name.
        auto Def = P.Functions.find(keyOf(*F));
        auto Address = P.FunctionAddress.find(Key);
        if (Def != P.Functions.end() && !Def->second.Address &&
            Address != P.FunctionAddress.end())
          Def->second.Address = Address->second;
      } else if (const auto *G = dyn_cast_or_null<GlobalVariable>(Target))
        P.VariableAliases.try_emplace(A.getName().str(), keyOf(*G));
    }
}

/// Functions used by another module than the one that defines them.
void markForeignUses(Program &P) {
  for (auto &U : P.Units)
    for (Function &F : *U->M) {
      if (!F.isDeclaration() ||
          !F.hasAddressTaken(nullptr, false, true, /*IgnoreLLVMUsed=*/true))
        continue;
      uint64_t Key = keyOf(F);
      if (auto It = P.FunctionAliases.find(F.getName().str());
          It != P.FunctionAliases.end())
        Key = It->second;
      if (auto It = P.Functions.find(Key); It != P.Functions.end())
        It->second.AddressTaken = true;
    }
}

Error readModules(Program &P) {
  auto Section = P.File->section(UPSTARE_BLOB_SECTION);
  if (!Section)
    return Section.takeError();
  if (Section->empty())
    return badInput(P.path(),
                    "has no section " UPSTARE_BLOB_SECTION
                    ": compile and link it with upstare-cc (not with -g0), and "
                    "give the program as linked (before strip)");
  auto Blobs = readBlobs(P.path(), *Section);
  if (!Blobs)
    return Blobs.takeError();
  for (const Blob &B : *Blobs) {
    bool IsModule = B.Head.kind == UPSTARE_BLOB_MODULE;
    auto &Addresses = IsModule ? P.GlobalAddress : P.FunctionAddress;
    for (const upstare_symbol &S : B.Symbols)
      if (uint64_t &Address = Addresses[S.key]; !Address)
        Address = S.address;
    if (!IsModule)
      continue;
    auto U = parseUnit(P.path(), B);
    if (!U)
      return U.takeError();
    P.Units.push_back(std::move(*U));
  }
  if (P.Units.empty())
    return badInput(P.path(), "holds bitcode that is not UpStare's (was it "
                              "compiled with -fembed-bitcode?); compile it "
                              "with upstare-cc");
  return Error::success();
}

} // namespace

std::vector<CodeRange> Program::codeRanges() const {
  std::set<uint64_t> Entries;
  for (const auto &[Key, Address] : FunctionAddress)
    if (Address)
      Entries.insert(Address);
  StringSet<> Names;
  for (const auto &[Key, F] : Functions)
    Names.insert(F.Name);
  std::vector<CodeRange> Ranges;
  for (const ElfSymbol &S : Symbols) {
    if (!S.IsFunction || !S.Size)
      continue;
    // Parts of a function that the code generator or an interprocedural pass
    // made of it: "f.cold", "f.specialized.1".
    StringRef Base = StringRef(S.Name).split('.').first;
    if (Entries.count(S.Address) ||
        (Base.size() != S.Name.size() && Names.contains(Base)))
      Ranges.push_back({S.Address, S.Size});
  }
  llvm::sort(Ranges, [](const CodeRange &A, const CodeRange &B) {
    return A.Address < B.Address;
  });
  std::vector<CodeRange> Merged;
  for (const CodeRange &R : Ranges) {
    if (!Merged.empty() &&
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

const ElfSymbol *Program::nativeSymbol(StringRef Name) const {
  const ElfSymbol *Local = nullptr;
  for (const ElfSymbol &S : Symbols) {
    if (S.Name != Name)
      continue;
    if (!S.IsLocal)
      return &S;
    Local = &S; // a hidden symbol is local once linked
  }
  return Local;
}

Expected<std::unique_ptr<Program>> patchgen::extract(StringRef Path) {
  auto P = std::make_unique<Program>();
  auto File = ElfFile::open(Path);
  if (!File)
    return File.takeError();
  P->File = std::move(*File);
  auto Id = P->File->buildId();
  if (!Id)
    return Id.takeError();
  P->BuildId = *Id;
  auto Dynamic = P->File->dynamic();
  if (!Dynamic)
    return Dynamic.takeError();
  P->Dynamic = std::move(*Dynamic);
  if (Error E = readModules(*P))
    return E;
  auto Symbols = P->File->symbols();
  if (!Symbols)
    return Symbols.takeError();
  if (Symbols->empty())
    return badInput(Path, "is stripped of its symbol table; give the program "
                          "as linked (the running copy may be stripped)");
  P->Symbols = std::move(*Symbols);
  if (Error E = collectDefinitions(*P))
    return E;
  collectAliases(*P);
  markForeignUses(*P);
  return P;
}
