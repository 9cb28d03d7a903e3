//===- Tables.cpp - the analysis as rows of a patch -----------------------===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which functions, globals, points and binds does the runtime get to know?
//
//===----------------------------------------------------------------------===//

#include "Tables.h"
#include "Definitions.h"
#include "Instrument.h"
#include "Literals.h"
#include "upstare/abi.h"
#include "upstare/upstare.h"
#include "llvm/ADT/Sequence.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/SHA1.h"

using namespace llvm;
using namespace upstare;
using namespace upstare::patchgen;

uint32_t patchgen::returnClass(const Type *T) {
  if (T->isVoidTy())
    return UPSTARE_RETURN_VOID;
  if (T->isPointerTy() || (T->isIntegerTy() && T->getIntegerBitWidth() <= 64))
    return UPSTARE_RETURN_INTEGER;
  if (T->isX86_FP80Ty())
    return UPSTARE_RETURN_X87;
  if (T->isFloatTy() || T->isDoubleTy() || T->isFP128Ty() || T->isHalfTy() ||
      T->isBFloatTy() || T->isVectorTy())
    return UPSTARE_RETURN_SSE;
  return UPSTARE_RETURN_OTHER;
}

/// What the frame below the point must return. A call through a pointer that
/// ignores the result does not say what it calls.
static uint32_t expectedReturn(const Point &P, bool ByUser) {
  if (ByUser || !P.ResultType)
    return UPSTARE_RETURN_ANY;
  if (P.Callee == "*" && P.ResultType->isVoidTy())
    return UPSTARE_RETURN_ANY;
  return returnClass(P.ResultType);
}

static void addPoints(PatchTables &Tables, const Analysis &A) {
  for (size_t I = 0; I != A.Points.size(); ++I) {
    const FunctionPoints &F = A.Points[I];
    for (const Point &P : F.Old->Shape->Points) {
      if (!P.canBeLeft())
        continue;
      const PointMapping &M = F.Points[P.Number];
      PatchPoint Row;
      Row.OldKey = F.Old->Key;
      Row.OldPoint = P.Number;
      Row.Where = describePoint(*F.Old->Shape, P);
      Row.Reason = M.Reason;
      if (M.New && A.Frames[I] >= 0) {
        const Point &To = F.New->Shape->Points[*M.New];
        Row.NewPoint = *M.New;
        Row.Frame = A.Frames[I];
        Row.ReturnClass = expectedReturn(To, M.ByUser);
        if (To.Kind == PointKind::Update || To.Kind == PointKind::LoopHead)
          Row.Flags |= UPSTARE_POINT_UPDATE;
        if (To.Kind == PointKind::BlockingCall)
          Row.Flags |= UPSTARE_POINT_BLOCKING;
        if (P.HasOtherObjects)
          Row.Flags |= UPSTARE_POINT_KEEPS_FRAME;
      }
      Tables.Points.push_back(std::move(Row));
    }
  }
}

static void addFunctions(PatchTables &Tables, const PatchPlan &Plan,
                         const BuiltCode &Code) {
  // Functions that OLD's linker folded into one have one successor.
  std::map<std::pair<unsigned, uint64_t>, std::string> EntryAt;
  for (const auto &[Key, F] : Plan.Functions) {
    bool Built = Code.Functions.count(Key);
    if (Built) {
      std::string Canonical =
          F.CanonicalSymbol.empty() ? F.EntrySymbol : F.CanonicalSymbol;
      std::string Entry = F.EntrySymbol;
      if (!F.CanonicalSymbol.empty() && F.Old->Address)
        Entry = EntryAt.try_emplace({F.Old->Image, F.Old->Address}, Entry)
                    .first->second;
      Tables.Functions.push_back({Key, F.New->Name, std::move(Canonical),
                                  std::move(Entry), F.Old ? F.Old->Key : 0,
                                  F.Held});
    }
    if (!F.CanonicalSymbol.empty() && (Built || Code.CanonicalUsed.count(Key)))
      Tables.Binds.push_back({F.Old->Key, F.Old->Address, F.CanonicalSymbol,
                              UPSTARE_BIND_FUNCTION, F.Old->Image});
  }
}

static void addGlobals(PatchTables &Tables, const PatchPlan &Plan) {
  for (const auto &[Key, G] : Plan.Globals) {
    if (G.ThreadLocal) {
      if (G.Where != Storage::Bound)
        continue; // has no one address
      Tables.Globals.push_back({Key, G.New->Name, G.Symbol, G.Size});
      Tables.Binds.push_back({G.Old->Key, G.Old->Address - ThreadLocalBase,
                              G.Symbol, UPSTARE_BIND_THREAD_LOCAL,
                              G.Old->Image});
      continue;
    }
    Tables.Globals.push_back({Key, G.New->Name, G.Symbol, G.Size});
    if (G.Where != Storage::New)
      Tables.Binds.push_back(
          {G.Old->Key, G.Old->Address,
           G.Where == Storage::Bound ? G.Symbol : G.OldSymbol,
           UPSTARE_BIND_GLOBAL, G.Old->Image});
  }
}

/// Literals that stay, or are there for the next patch.
static void addLiterals(PatchTables &Tables, const Program &Old,
                        const Program &New) {
  for (const auto &[Key, Def] : New.Literals) {
    std::string Symbol = literalSymbol(Key);
    Tables.Globals.push_back({Key, "literal", Symbol, Def.Size});
    if (isBoundLiteral(Old, Key))
      Tables.Binds.push_back({Key, Old.Literals.at(Key).Address, Symbol,
                              UPSTARE_BIND_GLOBAL, Old.Literals.at(Key).Image});
  }
}

/// Ends of globals at which something else begins that no patch binds.
static void addEnds(PatchTables &Tables, const Program &Old,
                    const PatchPlan &Plan) {
  using Place = std::pair<unsigned, uint64_t>;
  std::set<Place> Begins, Known;
  for (unsigned I = 0; I != Old.Images.size(); ++I) {
    for (uint64_t Address : Old.Images[I]->UnnamedAddresses)
      Begins.insert({I, Address});
    for (const ElfSymbol &S : Old.Images[I]->Symbols)
      if (S.Size && !S.IsCode && !S.IsThreadLocal)
        Begins.insert({I, S.Address});
  }
  for (const auto &[Key, G] : Plan.Globals)
    if (G.Where != Storage::New)
      Known.insert({G.Old->Image, G.Old->Address});
  for (const auto &[Key, G] : Old.Globals) {
    if (!G.Address || G.G->isThreadLocal())
      continue;
    uint64_t Size =
        G.Owner->M->getDataLayout().getTypeAllocSize(G.G->getValueType());
    Place End = {G.Image, G.Address + Size};
    if (Size && Begins.count(End) && !Known.count(End))
      Tables.Binds.push_back({G.Key, End.second, patchSymbol("end", G.Key),
                              UPSTARE_BIND_END, G.Image});
  }
}

/// The bounds of sections that are in the patch, for the next one.
static void addSections(PatchTables &Tables, const Program &New,
                        const PatchPlan &Plan) {
  for (const std::string &Section : Plan.OwnSections)
    for (StringRef Prefix : {"__start_", "__stop_"}) {
      std::string Name = (Prefix + Section).str();
      auto Has = [&](unsigned Image) {
        return findNative(New, Image, Name).Symbol;
      };
      if (llvm::any_of(llvm::seq<unsigned>(0, New.Images.size()), Has))
        Tables.Globals.push_back({upstare_key(Name.c_str()), Name, Name, 0});
    }
}

/// Symbols of uninstrumented objects live in the program that was started,
/// whatever version runs. Each patch passes their addresses on as if they were
/// globals: OLD's own addresses are of no use in a process that began with an
/// earlier version.
static void addNatives(PatchTables &Tables, const ExternalSymbols &Externals) {
  for (const auto &[Name, Native] : Externals.Natives) {
    uint64_t Key = upstare_key(Name.c_str());
    std::string Symbol = "us.n." + Name;
    Tables.Globals.push_back({Key, Name, Symbol, 0});
    Tables.Binds.push_back({Key, Native.Symbol->Address, Symbol,
                            UPSTARE_BIND_GLOBAL, Native.Image});
  }
}

/// Differs for any two patches that bind differently.
static std::string binderName(const PatchTables &Tables) {
  SHA1 Hash;
  Hash.update(Tables.OldBuildId);
  Hash.update(Tables.NewBuildId);
  for (const PatchBind &B : Tables.Binds)
    Hash.update(B.Symbol);
  auto Digest = Hash.final();
  return "us-bind-" + toHex(ArrayRef(Digest).take_front(8), /*LowerCase=*/true);
}

PatchTables patchgen::makeTables(const Program &Old, const Program &New,
                                 const Analysis &A,
                                 const OverrideFile &Override,
                                 const BuiltCode &Code,
                                 const ExternalSymbols &Externals) {
  PatchTables Tables;
  Tables.OldName = sys::path::filename(Old.path()).str();
  Tables.NewName = sys::path::filename(New.path()).str();
  Tables.OldBuildId = Old.versionId();
  for (const auto &I : Old.Images)
    Tables.OldImages.push_back({I->name(), I->BuildId});
  Tables.NewBuildId = New.versionId();
  addFunctions(Tables, A.Plan, Code);
  addGlobals(Tables, A.Plan);
  addPoints(Tables, A);
  addNatives(Tables, Externals);
  addLiterals(Tables, Old, New);
  addEnds(Tables, Old, A.Plan);
  addSections(Tables, New, A.Plan);
  for (const CodeRange &R : Old.codeRanges())
    Tables.Ranges.push_back({R.Address, R.Size, R.Image});
  Tables.BinderName = binderName(Tables);
  Tables.Rebuilds = Code.Rebuilds;
  if (Override.Defined.contains("upstare_finish"))
    Tables.FinishSymbol = "upstare_finish";
  for (const RemovedFunctions::Decision &D : A.Removed.Decided)
    Tables.Removed.push_back({D.OldKey, D.GoesOn});
  for (const WordRow &R : Override.Words)
    if ((R.Holder == UntypedMemory || R.Holder == "*") &&
        R.What == UPSTARE_WORD_LEAVE &&
        !is_contained(Tables.LeftInMemory, R.Member))
      Tables.LeftInMemory.push_back(R.Member);
  Tables.OldCode = join(A.Removed.Kept, ", ");
  Tables.Flags = A.Removed.BreaksOldCode ? UPSTARE_PATCH_BREAKS_OLD_CODE : 0;
  return Tables;
}
