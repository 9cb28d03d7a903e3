//===- Transformers.cpp - data of one version into the next -----*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Collects globals and frames, and once all are known writes every piece of C
// text with the writers of Emit*.h. emit…() only print.
//
//===----------------------------------------------------------------------===//

#include "Transformers.h"
#include "ArmedBuffers.h"
#include "CodeTypes.h"
#include "EmitFrames.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/IR/DataLayout.h"
#include "llvm/IR/GlobalVariable.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/Path.h"

using namespace llvm;

namespace upstare::patchgen {

//===----------------------------------------------------------------------===//
// State
//===----------------------------------------------------------------------===//

namespace {
struct GlobalEntry {
  GlobalPair Pair;
  std::string Id;
  const CType *Old = nullptr, *New = nullptr;
  uint64_t OldSize = 0, NewSize = 0, Align = 0;
  bool Moves = false;
};
} // namespace

class TransformerState {
public:
  TransformerState() : Text(Types) {}

  TypeComparer Types;
  TypeText Text;
  StringSet<> Overrides;
  std::vector<GlobalEntry> Globals;
  std::vector<FramePair> Frames;
  StringSet<> UsedFrameIds, UsedGlobalIds;
  std::string NewGlobals; // declarations
  std::vector<std::string> ChangedTypes;

  // Written by finish().
  std::unique_ptr<ConvertWriter> Convert;
  std::unique_ptr<MapWriter> Maps;
  std::unique_ptr<FrameWriter> FrameText;
  std::vector<WordRow> WordRows;
  std::unique_ptr<WordWriter> Words; // none if nothing moves
  std::vector<Overridable> GlobalFunctions;
  std::string Definitions, Checks, Moved, Visited, Untyped;
  size_t MovedCount = 0, VisitedCount = 0, UntypedCount = 0;

  GlobalEntry describe(GlobalPair Pair);
  bool anythingMoves();
  void tellChangedTypes(Problems &Out);
  void writeGlobal(GlobalEntry &G, Problems &Out);
  void writeWords(const GlobalEntry &G);
  std::vector<const Overridable *> overridables() const;
  std::string frameId(const FunctionShape &New);

private:
  void writeConverter(const GlobalEntry &G, Problems &Out);
  void writeFlexibleTail(raw_ostream &OS, const GlobalEntry &G);
};

Transformers::Transformers() : S(std::make_unique<TransformerState>()) {}
Transformers::~Transformers() = default;

void Transformers::addModule(Version V, const Module &M) {
  S->Types.graph(V).addModule(M);
}

void Transformers::setOverrides(StringSet<> Defined) {
  S->Overrides = std::move(Defined);
}

void Transformers::setWords(std::vector<WordRow> Rows) {
  S->WordRows = std::move(Rows);
}

//===----------------------------------------------------------------------===//
// Globals
//===----------------------------------------------------------------------===//

static uint64_t sizeOf(const GlobalVariable &G) {
  return G.getParent()->getDataLayout().getTypeAllocSize(G.getValueType());
}

static const CType *typeOf(TypeGraph &Graph, const GlobalVariable &G) {
  SmallVector<DIGlobalVariableExpression *, 1> Info;
  G.getDebugInfo(Info);
  uint64_t Size = sizeOf(G);
  if (!Info.empty()) {
    const CType *T = Graph.get(Info.front()->getVariable()->getType());
    if (T->Size == Size || (T->Size < Size && T->flexibleTail()))
      return T;
  }
  return Graph.get(G.getValueType(), G.getParent()->getDataLayout());
}

static uint64_t alignOf(const GlobalVariable &G) {
  return G.getPointerAlignment(G.getParent()->getDataLayout()).value();
}

GlobalEntry TransformerState::describe(GlobalPair Pair) {
  GlobalEntry G;
  G.Old = typeOf(Types.graph(Version::Old), *Pair.Old);
  G.New = typeOf(Types.graph(Version::New), *Pair.New);
  G.OldSize = sizeOf(*Pair.Old);
  G.NewSize = sizeOf(*Pair.New);
  G.Align = alignOf(*Pair.New);
  G.Moves = !Types.same(G.Old, G.New) || G.OldSize != G.NewSize ||
            G.Align > alignOf(*Pair.Old) || Pair.KeepInitializer ||
            Pair.Elsewhere;
  G.Pair = std::move(Pair);
  return G;
}

bool Transformers::sameType(const GlobalVariable &Old,
                            const GlobalVariable &New) {
  GlobalPair Pair;
  Pair.Old = &Old;
  Pair.New = &New;
  return !S->describe(std::move(Pair)).Moves;
}

bool Transformers::leadsToChange(const GlobalVariable &Old,
                                 const GlobalVariable &New) {
  return S->Types.leadsToChange(typeOf(S->Types.graph(Version::Old), Old),
                                typeOf(S->Types.graph(Version::New), New));
}

bool Transformers::sameSignature(const Function &Old, const Function &New) {
  return patchgen::sameSignature(S->Types, Old, New);
}

bool Transformers::anyTypeChanges() {
  return !S->Types.changedDefinitions().empty();
}

std::string Transformers::changedTypeIn(const Function &Old) {
  return patchgen::changedTypeIn(S->Types, Old);
}

bool Transformers::holdsPointers(const GlobalVariable &New) {
  return S->Types.containsPointers(typeOf(S->Types.graph(Version::New), New));
}

bool Transformers::addGlobal(GlobalPair Pair) {
  GlobalEntry G = S->describe(std::move(Pair));
  G.Id = uniqueName(cIdentifier(G.Pair.Name), S->UsedGlobalIds);
  S->Globals.push_back(std::move(G));
  return S->Globals.back().Moves;
}

void Transformers::addNewGlobal(const GlobalVariable &G, StringRef Name,
                                StringRef Symbol) {
  const CType *T = typeOf(S->Types.graph(Version::New), G);
  if (T->Size != sizeOf(G)) // a flexible tail
    return;
  std::string Id =
      uniqueName("upstare_new_" + cIdentifier(Name), S->UsedGlobalIds);
  S->Text.need(T, Id);
  raw_string_ostream(S->NewGlobals) << "extern " << S->Text.declare(T, Id)
                                    << " __asm__(" << cString(Symbol) << ");\n";
}

/// What a flexible array holds beyond the struct's own size.
void TransformerState::writeFlexibleTail(raw_ostream &OS,
                                         const GlobalEntry &G) {
  const CField *Old = G.Old->flexibleTail(), *New = G.New->flexibleTail();
  if (!Old || !New || Old->Name != New->Name)
    return;
  const CType *OldElement = Old->Type->Element,
              *NewElement = New->Type->Element;
  if (!OldElement->Size || !NewElement->Size ||
      !Types.obstacle(OldElement, NewElement).empty())
    return;
  uint64_t Count = std::min((G.OldSize - Old->offset()) / OldElement->Size,
                            (G.NewSize - New->offset()) / NewElement->Size);
  ConvertWriter::Place At;
  At.From = "from->" + cIdentifier(Old->Name);
  At.To = "to->" + cIdentifier(New->Name);
  At.What = "global " + G.Pair.Name;
  Convert->assignElements(OS, OldElement, NewElement, Count, At);
}

void TransformerState::writeConverter(const GlobalEntry &G, Problems &Out) {
  Overridable F;
  F.Name = "upstare_global_" + G.Id;
  Text.need(G.Old, G.Id);
  Text.need(G.New, G.Id);
  F.Prototype =
      Overridable::prototype(F.Name, Convert->constPointer(G.Old, "from"),
                             Convert->pointer(G.New, "to"));
  F.Comment = "global " + G.Pair.Name + ": " + G.Old->str() + " -> " +
              G.New->str() + "; `to` holds the new initialiser";
  raw_string_ostream OS(F.Body);
  std::string Reason = Types.obstacle(G.Old, G.New);
  if (!Reason.empty() && !Overrides.contains(F.Name))
    Out.missing("global " + G.Pair.Name, Reason,
                "define " + F.Name + " in the override file");
  if (!Reason.empty())
    OS << "  upstare_fail(update, " << cString(Reason) << ");\n";
  Convert->warnOfDropped(G.Old, G.New, "global " + G.Pair.Name);
  ConvertWriter::Place At;
  At.From = "(*from)";
  At.To = "(*to)";
  At.What = "global " + G.Pair.Name;
  if (Reason.empty())
    Convert->assign(OS, G.Old, G.New, At);
  writeFlexibleTail(OS, G);
  OS.flush();
  // "&(*from)," is from.
  for (std::string Side : {"from", "to"})
    for (size_t I; (I = F.Body.find("&(*" + Side + "),")) != std::string::npos;)
      F.Body.replace(I, Side.size() + 5, Side + ",");
  GlobalFunctions.push_back(std::move(F));
}

void TransformerState::writeGlobal(GlobalEntry &G, Problems &Out) {
  MapWriter::Global M;
  M.Id = G.Id;
  M.Name = "global " + G.Pair.Name;
  M.Old = G.Old;
  M.New = G.New;
  M.OldSize = G.OldSize;
  M.NewSize = G.NewSize;
  M.Align = G.Align;
  if (G.Moves && G.Pair.KeepInitializer)
    M.Convert = "upstare_keep_initializer";
  if (G.Moves && !G.Pair.KeepInitializer) {
    writeConverter(G, Out);
    M.Convert = "upstare_global_" + G.Id;
  }
  std::string Map = Maps->global(M);
  std::string Symbol = "symbol_of_" + G.Id;
  if (G.Moves) {
    ++MovedCount;
    bool KeepsValue = G.Pair.KeepInitializer && Types.same(G.Old, G.New) &&
                      G.OldSize == G.NewSize;
    Moved += "    {" + cString(G.Pair.Name) + ", old_" + Symbol + ", " +
             Symbol + ", " + Map + ", " + (KeepsValue ? "1" : "0") + ", 0},\n";
  } else if (Map != "0") {
    ++VisitedCount;
    Visited +=
        "    {" + cString(G.Pair.Name) + ", " + Symbol + ", " + Map + "},\n";
  }
}

/// Constants hold what NEW says, or point to nothing that moves.
void TransformerState::writeWords(const GlobalEntry &G) {
  if (!Words || G.Pair.KeepInitializer || G.Pair.Old->isConstant())
    return;
  std::string Tell =
      Words->object(G.Old, G.OldSize, G.Pair.Name, WordWriter::Tell);
  std::string Forward =
      Words->object(G.New, G.NewSize, G.Pair.Name, WordWriter::Forward);
  if (Tell == "0" && Forward == "0")
    return;
  ++UntypedCount;
  std::string Symbol = "symbol_of_" + G.Id;
  Untyped += "    {" + cString("global " + G.Pair.Name) + ", " +
             (G.Moves ? "old_" : "") + Symbol + ", " + Symbol + ",\n     " +
             Tell + ", " + Forward + "},\n";
}

//===----------------------------------------------------------------------===//
// Frames
//===----------------------------------------------------------------------===//

std::string TransformerState::frameId(const FunctionShape &New) {
  std::string Id = cIdentifier(New.Name);
  if (UsedFrameIds.contains(Id))
    Id += "__" + cIdentifier(sys::path::stem(New.File));
  return uniqueName(Id, UsedFrameIds);
}

unsigned Transformers::addFrame(const FunctionShape &Old,
                                const FunctionShape &New,
                                std::string RebuildSymbol, uint32_t ReturnClass,
                                bool SameCode) {
  FramePair F;
  F.Id = S->frameId(New);
  F.Old = describeFrame(S->Types.graph(Version::Old), Old,
                        Old.F->getParent()->getDataLayout());
  F.New = describeFrame(S->Types.graph(Version::New), New,
                        New.F->getParent()->getDataLayout());
  F.Sources = matchMembers(S->Types, F.Old, F.New, SameCode);
  F.RebuildSymbol = std::move(RebuildSymbol);
  F.ReturnClass = ReturnClass;
  S->Frames.push_back(std::move(F));
  return S->Frames.size() - 1;
}

static std::string reasonFor(const FramePair &F, const FrameMember &New,
                             const MemberSource &Source, unsigned OldPoint) {
  if (Source.Old >= 0)
    return "the old version's value is not kept at point " +
           std::to_string(OldPoint) + ", where it is not used any more";
  if (!Source.Reason.empty())
    return Source.Reason;
  return New.M->isTemporary()
             ? "the old version has no such intermediate value there"
             : "the old version of " + F.Old.Shape->Name +
                   " has no variable of this name";
}

std::vector<MissingSource> Transformers::missingSources(unsigned Frame,
                                                        unsigned OldPoint,
                                                        unsigned NewPoint) {
  std::vector<MissingSource> Result;
  FramePair &F = S->Frames[Frame];
  if (S->Overrides.contains(F.convertName()))
    return Result;
  const Point &Before = F.Old.Shape->Points[OldPoint];
  const Point &After = F.New.Shape->Points[NewPoint];
  for (unsigned I : After.Live.set_bits()) {
    const FrameMember &N = F.New.Members[I];
    const MemberSource &Source = F.Sources[I];
    std::string Part;
    if (Source.Old >= 0 && Before.Live.test(Source.Old)) {
      Part = missingPart(S->Types, F.Old.Members[Source.Old], Before, N, After);
      if (Part.empty())
        continue;
    }
    // Fresh memory that holds nothing yet or is not used any more.
    if (N.pinned() && !After.mayUse(I))
      continue;
    if (int Here = sourceAt(S->Types, F.Old, Before, F.New, After, I);
        Here >= 0) {
      F.SourcesAt[{I, Here}].insert(OldPoint);
      continue;
    }
    F.Lacking[I].insert(OldPoint);
    if (S->Overrides.contains(F.initName(N)) || isStamp(*N.M))
      continue;
    if (isEnvironment(*N.M)) {
      Result.push_back(newBuffer(F, N));
      continue;
    }
    MissingSource M;
    M.Function = F.New.Shape->Name;
    M.File = F.New.Shape->File;
    M.Line = N.M->Line ? N.M->Line : F.New.Shape->Line;
    M.Variable = N.M->isTemporary() ? N.Field + " " + N.M->Name : N.M->Name;
    M.What =
        "variable '" + M.Variable + "' has no value when the new code goes on";
    M.Reason = reasonFor(F, N, Source, OldPoint);
    if (!Part.empty())
      M.Reason = Part + " of it: " + M.Reason;
    M.Suggestion = "define " + F.initName(N) + " in the override file";
    Result.push_back(std::move(M));
  }
  append_range(Result, lostBuffers(F, Before, After));
  return Result;
}

//===----------------------------------------------------------------------===//
// Finish
//===----------------------------------------------------------------------===//

bool TransformerState::anythingMoves() {
  for (const GlobalEntry &G : Globals)
    if (G.Moves)
      return true;
  for (const FramePair &F : Frames)
    for (size_t I = 0; I < F.Sources.size(); ++I) {
      if (F.Sources[I].Old < 0 || !F.New.Members[I].pinned())
        continue;
      const FrameMember &O = F.Old.Members[F.Sources[I].Old];
      if (O.pinned() && !staysInPlace(Types, O, F.New.Members[I]))
        return true;
    }
  return false;
}

/// Data of a changed type may be where no table and no frame map sees it.
void TransformerState::tellChangedTypes(Problems &Out) {
  for (const CType *T : Types.changedDefinitions())
    ChangedTypes.push_back(T->str());
  if (ChangedTypes.empty())
    return;
  size_t Shown = std::min<size_t>(ChangedTypes.size(), 8);
  Out.warn("layouts change of " +
           join(ChangedTypes.begin(), ChangedTypes.begin() + Shown, ", ") +
           (Shown < ChangedTypes.size()
                ? " and " + Twine(ChangedTypes.size() - Shown) + " more"
                : Twine()) +
           ": objects of these types on the heap are not converted; an update "
           "is refused if it finds a pointer that leads to one");
}

void Transformers::finish(Problems &Out) {
  S->tellChangedTypes(Out);
  bool Moves = S->anythingMoves();
  if (Moves)
    S->Words = std::make_unique<WordWriter>(S->Types, S->WordRows);
  S->Convert = std::make_unique<ConvertWriter>(S->Types, S->Text, S->Overrides,
                                               Out, Moves);
  S->Maps = std::make_unique<MapWriter>(S->Types, S->Text, *S->Convert);
  S->FrameText =
      std::make_unique<FrameWriter>(S->Types, S->Text, *S->Convert, *S->Maps,
                                    S->Words.get(), S->Overrides, Moves);
  for (GlobalEntry &G : S->Globals) {
    S->writeGlobal(G, Out);
    S->writeWords(G);
  }
  for (size_t I = 0; I < S->Frames.size(); ++I)
    S->FrameText->write(S->Frames[I], I);
  for (const WordRow &R : S->WordRows)
    if (Moves && !R.Used && R.Holder != UntypedMemory)
      Out.warn("upstare_words: {\"" + R.Holder + "\", \"" + R.Member +
               "\"} names no word that may be a pointer");
  raw_string_ostream Definitions(S->Definitions), Checks(S->Checks);
  S->Text.emitDefinitions(Definitions);
  S->Text.emitLayoutChecks(Checks);
}

Transformers::Summary Transformers::summary() const {
  Summary Result;
  for (const GlobalEntry &G : S->Globals)
    if (G.Moves)
      Result.MovedGlobals.push_back(G.Pair.Name);
  Result.ChangedTypes = S->ChangedTypes;
  for (const FramePair &F : S->Frames)
    if (F.Trivial)
      ++Result.TrivialFrames;
    else
      Result.ChangedFrames.push_back(F.New.Shape->Name);
  Result.VisitedGlobals = S->VisitedCount;
  Result.Frames = S->Frames.size();
  return Result;
}

//===----------------------------------------------------------------------===//
// Text
//===----------------------------------------------------------------------===//

std::vector<const Overridable *> TransformerState::overridables() const {
  std::vector<const Overridable *> Result;
  for (const auto *List :
       {&Convert->typeFunctions(), &GlobalFunctions, &FrameText->functions()})
    for (const Overridable &F : *List)
      Result.push_back(&F);
  return Result;
}

static const char HeaderStart[] =
    R"(/* Written by upstare-patchgen: types and frames of the old and the new version,
   and the functions that turn the one into the other. An override file includes
   this and may define any function declared here; what it does not define is
   done as upstare-patchgen --print-overrides shows. */
#ifndef UPSTARE_GENERATED_H
#define UPSTARE_GENERATED_H

#include "upstare/upstare.h"
#include <stddef.h>
#include <string.h>

#ifdef __cplusplus
typedef bool _Bool;
extern "C" {
#endif

/* Forwards what may be a pointer, wherever it lies in new storage. */
static inline __attribute__((unused)) void
upstare_forward_word(struct upstare_update *update, void *word) {
  void *pointer;
  memcpy(&pointer, word, sizeof(pointer));
  pointer = upstare_forward(update, pointer);
  memcpy(word, &pointer, sizeof(pointer));
}

)";

void Transformers::emitHeader(raw_ostream &OS) const {
  OS << HeaderStart << S->Definitions;
  for (const Overridable *F : S->overridables())
    OS << "/* " << F->Comment << " */\n" << F->Prototype << ";\n";
  if (!S->FrameText->initializers().empty())
    OS << "\n/* Not defined by default: variables without a source. */\n"
       << S->FrameText->initializers();
  if (!S->NewGlobals.empty())
    OS << "\n/* Variables that only the new version has. They hold their "
          "initialisers; what\n   start-up code would have set, "
          "upstare_finish() must. */\n"
       << S->NewGlobals;
  OS << "\n#ifdef __cplusplus\n}\n#endif\n#endif\n";
}

void Transformers::emitDefaults(raw_ostream &OS, bool Weak,
                                StringRef HeaderName) const {
  if (!HeaderName.empty())
    OS << "#include " << cString(HeaderName) << "\n\n";
  OS << S->Convert->renumberings();
  for (const Overridable *F : S->overridables()) {
    if (S->Overrides.contains(F->Name))
      continue;
    OS << "/* " << F->Comment << " */\n"
       << (Weak ? "__attribute__((weak)) " : "") << F->Prototype << " {\n"
       << F->Body << "}\n\n";
  }
}

static const char MapsStart[] =
    R"(typedef void upstare_convert(const void *, void *, struct upstare_update *);
typedef void upstare_convert_frame(const struct upstare_frame *,
                                   struct upstare_frame *,
                                   struct upstare_update *);

/* Of constants: the new version's contents hold. */
static inline void upstare_keep_initializer(const void *from, void *to,
                                            struct upstare_update *update) {
  (void)from, (void)to, (void)update;
}

/* The place `part` bytes into what begins at `start`. */
static inline uint64_t upstare_offset_in(uint64_t start, uint64_t part) {
  return part == UINT64_MAX ? part : start + part;
}

)";

static void declareSymbol(raw_ostream &OS, const std::string &Name,
                          const std::string &Symbol) {
  OS << "extern char " << Name << "[] __asm__(" << cString(Symbol) << ");\n";
}

void Transformers::emitMaps(raw_ostream &OS, const StackSizes &Sizes) const {
  OS << "/* Layouts, checked. */\n" << S->Checks << "\n" << MapsStart;
  for (const GlobalEntry &G : S->Globals) {
    declareSymbol(OS, "symbol_of_" + G.Id, G.Pair.Symbol);
    if (G.Moves)
      declareSymbol(OS, "old_symbol_of_" + G.Id, G.Pair.OldSymbol);
  }
  for (size_t I = 0; I < S->Frames.size(); ++I)
    declareSymbol(OS, "rebuild_" + std::to_string(I),
                  S->Frames[I].RebuildSymbol);
  for (size_t I = 0; I < S->Frames.size(); ++I)
    OS << "enum { rebuild_bytes_" << I << " = "
       << Sizes.lookup(S->Frames[I].RebuildSymbol) << " };\n";
  OS << "\n";
  S->Maps->emit(OS);
  if (S->Words)
    OS << S->Words->functions();
  if (!S->Frames.empty())
    S->FrameText->emitTable(OS);
  if (S->MovedCount)
    OS << "static const struct upstare_moved_global us_moved[] = {\n"
       << S->Moved << "};\n\n";
  if (S->VisitedCount)
    OS << "static const struct upstare_visited_global us_visited[] = {\n"
       << S->Visited << "};\n\n";
  if (S->UntypedCount)
    OS << "static const struct upstare_untyped_global us_untyped[] = {\n"
       << S->Untyped << "};\n\n";
}

size_t Transformers::movedCount() const { return S->MovedCount; }
size_t Transformers::visitedCount() const { return S->VisitedCount; }
size_t Transformers::untypedCount() const { return S->UntypedCount; }

} // namespace upstare::patchgen
