//===- Definitions.cpp - what each name of a program means ----------------===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which definition does each name have, of those in all modules and images?
//
// In one image the static linker decides: the first strong definition, else
// the first. Between images the dynamic linker does: the first that exports the
// name, in load order. A patch is one image, where a name is one thing. So a
// name that means different things in different images is refused here:
//
//   two images define it          unless the later definition is weak, and its
//                                 own image takes the first one, too
//   an image uses what another    because it is meant for that image alone
//   defines without exporting it
//   an uninstrumented object      because the modules do not tell what the
//   defines it, too               patch would need
//
//===----------------------------------------------------------------------===//

#include "Definitions.h"
#include "Fingerprint.h"
#include "Problems.h"
#include "upstare/abi.h"
#include "llvm/ADT/StringExtras.h"

using namespace llvm;
using namespace upstare;
using namespace upstare::patchgen;

namespace {

constexpr const char *TellApart =
    "; rename one, or make it static (a patch holds each name once)";

class Collector {
public:
  explicit Collector(Program &P) : P(P) {}
  Error run();

private:
  template <typename Def, typename Value>
  Error add(Unit &U, Value &V, std::map<uint64_t, Def> &Definitions, Def D);
  Error addFunction(Unit &U, Function &F);
  Error addGlobal(Unit &U, GlobalVariable &G);
  Error locateThreadLocal(GlobalDef &D);
  Error locateCopy(GlobalDef &D);
  Error checkSecond(StringRef Name, unsigned First, unsigned Second,
                    bool SecondIsWeak);
  Error checkUses(const Unit &U);
  Error checkUse(const Unit &U, StringRef Name, unsigned Owner);
  template <typename Def>
  Error checkExports(const std::map<uint64_t, Def> &Definitions);
  Error checkFunctionAddresses();
  Error checkSymbolVersions(const Unit &U);
  void collectAliases(const Unit &U);
  void markForeignUses();

  Program &P;
};

/// Whether Candidate's definition replaces Present's when both have one name
/// in one image: the linker takes the first, unless only a later one is strong.
bool replaces(const GlobalValue &Candidate, const GlobalValue &Present) {
  return !Candidate.isWeakForLinker() && Present.isWeakForLinker();
}

Error duplicateLocal(const Program &P, const Unit &A, const Unit &B,
                     StringRef Name) {
  if (A.Image == B.Image)
    return badInput(P.Images[A.Image]->path(),
                    "two static symbols named '" + Name + "', in " +
                        A.SourcePath + " and " + B.SourcePath +
                        ", cannot be told apart; is one file compiled "
                        "twice into the program? Rename one of them");
  return badInput(P.Images[A.Image]->path(),
                  "'" + Name + "' of " + A.SourcePath +
                      " is static here and in " + P.Images[B.Image]->path() +
                      " (" + B.SourcePath +
                      "), and they cannot be told apart; link that file into "
                      "one of them only, or compile it from two paths");
}

/// A second image defines Name. Fine if that image, like all others, means the
/// first one's.
Error Collector::checkSecond(StringRef Name, unsigned First, unsigned Second,
                             bool SecondIsWeak) {
  const Image &A = *P.Images[First], &B = *P.Images[Second];
  auto It = B.Exports.find(Name);
  bool Replaceable = It != B.Exports.end() && It->second.IsDefined &&
                     It->second.IsRelocated && !It->second.IsProtected &&
                     !B.Dynamic.IsSymbolic;
  if (SecondIsWeak && Replaceable && A.exports(Name))
    return Error::success();
  return badInput(A.path(), "'" + Name + "' is defined here and in " +
                                B.path() + TellApart);
}

template <typename Def, typename Value>
Error Collector::add(Unit &U, Value &V, std::map<uint64_t, Def> &Definitions,
                     Def D) {
  D.Key = keyOf(V);
  D.Name = V.getName().str();
  D.Owner = &U;
  D.Image = U.Image;
  D.Local = V.hasLocalLinkage();
  auto [It, Inserted] = Definitions.try_emplace(D.Key, D);
  if (Inserted)
    return Error::success();
  if (D.Local || It->second.Local)
    return duplicateLocal(P, *It->second.Owner, U, D.Name);
  if (It->second.Name != D.Name)
    return badInput(P.path(), "the names '" + It->second.Name + "' and '" +
                                  D.Name + "' have the same hash; rename one");
  if (It->second.Image != U.Image)
    return checkSecond(D.Name, It->second.Image, U.Image, V.isWeakForLinker());
  return Error::success();
}

uint64_t addressIn(const std::map<uint64_t, uint64_t> &Addresses,
                   uint64_t Key) {
  auto It = Addresses.find(Key);
  return It == Addresses.end() ? 0 : It->second;
}

Error Collector::addFunction(Unit &U, Function &F) {
  FunctionDef D;
  D.F = &F;
  D.Address = addressIn(P.Images[U.Image]->FunctionAddress, keyOf(F));
  D.Fingerprint = fingerprint(F);
  D.AddressTaken = F.hasAddressTaken(nullptr, /*IgnoreCallbackUses=*/false,
                                     /*IgnoreAssumeLikeCalls=*/true,
                                     /*IgnoreLLVMUsed=*/true);
  if (auto It = P.Functions.find(keyOf(F)); It != P.Functions.end()) {
    It->second.AddressTaken |= D.AddressTaken;
    D.AddressTaken = It->second.AddressTaken;
    if (!F.hasLocalLinkage() && It->second.Image == U.Image &&
        replaces(F, *It->second.F))
      P.Functions.erase(It);
  }
  return add(U, F, P.Functions, D);
}

Error Collector::addGlobal(Unit &U, GlobalVariable &G) {
  GlobalDef D;
  D.G = &G;
  D.Address = addressIn(P.Images[U.Image]->GlobalAddress, keyOf(G));
  if (auto It = P.Globals.find(keyOf(G));
      It != P.Globals.end() && !G.hasLocalLinkage() &&
      It->second.Image == U.Image && replaces(G, *It->second.G))
    P.Globals.erase(It);
  if (Error E = add(U, G, P.Globals, D))
    return E;
  GlobalDef &Added = P.Globals.at(keyOf(G));
  if (Added.Owner != &U)
    return Error::success();
  return G.isThreadLocal() ? locateThreadLocal(Added) : locateCopy(Added);
}

/// No blob lists thread-local variables: their offsets have no relocation that
/// every linker knows in such a section. The symbol table has them.
Error Collector::locateThreadLocal(GlobalDef &D) {
  const Image &I = *P.Images[D.Image];
  if (!I.AtStart)
    return badInput(I.path(),
                    "'" + D.Name + "' (" + D.Owner->SourcePath +
                        ") is a thread-local variable of a library that the "
                        "program loads by dlopen: it has no fixed place in "
                        "threads; link the program with the library, or make "
                        "the variable an ordinary one");
  const ElfSymbol *Found = nullptr;
  for (const ElfSymbol &S : I.Symbols) {
    if (!S.IsThreadLocal || S.Name != D.Name)
      continue;
    if (Found && Found->Address != S.Address)
      return badInput(I.path(), "several thread-local variables are named '" +
                                    D.Name +
                                    "' and cannot be told apart; rename one");
    Found = &S;
  }
  D.Address = Found ? ThreadLocalBase + Found->Address : 0;
  return Error::success();
}

/// A program that is not position independent has a library's variable copied
/// into its own storage, which all images use then.
Error Collector::locateCopy(GlobalDef &D) {
  const auto &Copies = P.Images[0]->Exports;
  auto It = Copies.find(D.Name);
  if (D.Local || !D.Image || It == Copies.end() || !It->second.IsCopy)
    return Error::success();
  const Image &I = *P.Images[D.Image];
  auto Own = I.Exports.find(D.Name);
  if (Own == I.Exports.end() || !Own->second.IsDefined)
    return Error::success();
  if (Own->second.IsProtected || I.Dynamic.IsSymbolic)
    return badInput(I.path(), "'" + D.Name +
                                  "' has one storage here and a "
                                  "copy in " +
                                  P.path() +
                                  "; compile the program with -fPIE, or link "
                                  "the library without -Bsymbolic");
  D.Image = 0;
  D.Address = It->second.Address;
  return Error::success();
}

/// Whether an object that is not instrumented defines Name in an image.
const ElfSymbol *nativeIn(const Image &I, StringRef Name) {
  const ElfSymbol *Local = nullptr;
  for (const ElfSymbol &S : I.Symbols) {
    if (S.Name != Name)
      continue;
    if (!S.IsLocal)
      return &S;
    Local = &S; // a hidden symbol is local once linked
  }
  return Local;
}

Error Collector::checkUse(const Unit &U, StringRef Name, unsigned Owner) {
  const Image &User = *P.Images[U.Image], &Definer = *P.Images[Owner];
  auto Own = User.Exports.find(Name);
  bool IsCopy = Own != User.Exports.end() && Own->second.IsCopy;
  if (!IsCopy && nativeIn(User, Name))
    return badInput(User.path(),
                    "'" + Name +
                        "' is defined by an object here that is not "
                        "instrumented, and in " +
                        Definer.path() + TellApart);
  if (Definer.exports(Name))
    return Error::success();
  return badInput(User.path(), "'" + Name + "', which " + U.SourcePath +
                                   " uses, is not the '" + Name + "' of " +
                                   Definer.path() +
                                   ", which does not export it" + TellApart);
}

Error Collector::checkUses(const Unit &U) {
  for (const GlobalValue &G : U.M->global_values()) {
    if (!G.isDeclarationForLinker() || G.use_empty() || !G.hasName())
      continue;
    uint64_t Key = upstare_key(G.getName().str().c_str());
    unsigned Owner = U.Image;
    if (auto It = P.Functions.find(Key); It != P.Functions.end())
      Owner = It->second.Owner->Image;
    else if (auto It = P.Globals.find(Key); It != P.Globals.end())
      Owner = It->second.Owner->Image;
    if (Owner == U.Image)
      continue;
    // An earlier image's definition stands for its own weak one (checked).
    const GlobalValue *Same = nullptr;
    for (const auto &Other : P.Units)
      if (const GlobalValue *V = Other->M->getNamedValue(G.getName());
          V && Other->Image == U.Image && !V->isDeclarationForLinker() &&
          !V->hasLocalLinkage())
        Same = V;
    if (Same)
      continue;
    if (Error E = checkUse(U, G.getName(), Owner))
      return E;
  }
  return Error::success();
}

/// A name that a library exports may belong to someone before it.
template <typename Def>
Error Collector::checkExports(const std::map<uint64_t, Def> &Definitions) {
  for (const auto &[Key, D] : Definitions) {
    unsigned Index = D.Owner->Image;
    const Image &I = *P.Images[Index];
    if (!Index || D.Local || !I.exports(D.Name))
      continue;
    auto Taken = I.Hidden.find(D.Name);
    if (Taken != I.Hidden.end())
      return badInput(I.path(), "'" + D.Name + "' is defined here and in " +
                                    Taken->second +
                                    ", which is loaded before it" + TellApart);
    for (unsigned Before = 0; Before != Index; ++Before) {
      auto It = P.Images[Before]->Exports.find(D.Name);
      if (It != P.Images[Before]->Exports.end() && It->second.IsDefined &&
          !It->second.IsCopy)
        return badInput(I.path(),
                        "'" + D.Name + "' is defined here and in " +
                            P.Images[Before]->path() +
                            ", by an object that is not instrumented" +
                            TellApart);
    }
  }
  return Error::success();
}

/// In a program that is not position independent, a stub stands for a library's
/// function whose address is taken; pointers would not compare equal.
Error Collector::checkFunctionAddresses() {
  for (const auto &[Key, F] : P.Functions) {
    auto It = P.Images[0]->Exports.find(F.Name);
    if (F.Owner->Image && !F.Local && It != P.Images[0]->Exports.end() &&
        !It->second.IsDefined && It->second.Address)
      return badInput(P.path(),
                      "takes the address of " + F.Name + "(), which is in " +
                          P.Images[F.Owner->Image]->path() +
                          ", by a stub of its own; compile the program with "
                          "-fPIE (and link it without -no-pie)");
  }
  return Error::success();
}

/// Aliases are names; a weak one gives way to a definition.
void Collector::collectAliases(const Unit &U) {
  const auto &Addresses = P.Images[U.Image]->FunctionAddress;
  for (const GlobalAlias &A : U.M->aliases()) {
    uint64_t Key = upstare_key(A.getName().str().c_str());
    if (A.hasLocalLinkage() || P.Functions.count(Key) || P.Globals.count(Key))
      continue;
    const GlobalObject *Target = A.getAliaseeObject();
    if (const auto *F = dyn_cast_or_null<Function>(Target)) {
      P.FunctionAliases.try_emplace(A.getName().str(), keyOf(*F));
      // The optimiser may have given a static function the alias's name.
      auto Def = P.Functions.find(keyOf(*F));
      if (Def != P.Functions.end() && !Def->second.Address)
        Def->second.Address = addressIn(Addresses, Key);
    } else if (const auto *G = dyn_cast_or_null<GlobalVariable>(Target)) {
      P.VariableAliases.try_emplace(A.getName().str(), keyOf(*G));
    }
  }
}

/// Functions used by another module than the one that defines them.
void Collector::markForeignUses() {
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

/// ".symver name, symbol@VERSION" names a definition, or what a use means, in a
/// way that the modules do not tell.
Error Collector::checkSymbolVersions(const Unit &U) {
  SmallVector<StringRef, 8> Lines;
  SplitString(U.M->getModuleInlineAsm(), Lines, "\n;");
  for (StringRef Line : Lines) {
    Line = Line.trim();
    if (!Line.consume_front(".symver"))
      continue;
    auto [Name, Symbol] = Line.split(',');
    Name = Name.trim();
    Symbol = Symbol.split(',').first.trim();
    const GlobalValue *Local = U.M->getNamedValue(Name);
    uint64_t Key = upstare_key(Symbol.split('@').first.str().c_str());
    bool IsDefinition = Local && !Local->isDeclarationForLinker();
    if (IsDefinition || P.Functions.count(Key) || P.Globals.count(Key))
      return badInput(P.Images[U.Image]->path(),
                      "'" + Name + "' (" + U.SourcePath + ") is " +
                          (IsDefinition ? "exported as " : "") + Symbol +
                          " (.symver), which a patch cannot tell from other "
                          "versions of that name; let a version script give "
                          "versions, or name the functions apart");
  }
  return Error::success();
}

Error Collector::run() {
  for (auto &U : P.Units) {
    for (Function &F : *U->M)
      if (!F.isDeclaration() && !F.hasAvailableExternallyLinkage())
        if (Error E = addFunction(*U, F))
          return E;
    for (GlobalVariable &G : U->M->globals())
      if (!G.isDeclaration() && !G.hasAvailableExternallyLinkage() &&
          !G.hasPrivateLinkage() && G.hasName() &&
          !G.getName().starts_with("llvm."))
        if (Error E = addGlobal(*U, G))
          return E;
  }
  for (auto &U : P.Units)
    if (Error E = checkSymbolVersions(*U))
      return E;
  for (auto &U : P.Units)
    collectAliases(*U);
  markForeignUses();
  if (P.Images.size() == 1)
    return Error::success();
  for (auto &U : P.Units)
    if (Error E = checkUses(*U))
      return E;
  if (Error E = checkExports(P.Functions))
    return E;
  if (Error E = checkExports(P.Globals))
    return E;
  return checkFunctionAddresses();
}

} // namespace

Error patchgen::collectDefinitions(Program &P) { return Collector(P).run(); }

NativeSymbol patchgen::findNative(const Program &P, unsigned User,
                                  StringRef Name) {
  auto isCopy = [&](const Image &I) {
    auto It = I.Exports.find(Name);
    return It != I.Exports.end() && It->second.IsCopy;
  };
  if (!isCopy(*P.Images[User]))
    if (const ElfSymbol *S = nativeIn(*P.Images[User], Name))
      return {User, S};
  for (unsigned I = 0; I != P.Images.size(); ++I)
    if (P.Images[I]->exports(Name) && !isCopy(*P.Images[I]))
      return {I, nativeIn(*P.Images[I], Name)};
  return {};
}
