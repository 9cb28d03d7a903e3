//===- EmitFrames.cpp - old frames into new ones, as C ----------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// See EmitFrames.h. Every by-value member with a source is converted, live or
// not: a dead one holds zero and is never read.
//
//===----------------------------------------------------------------------===//

#include "EmitFrames.h"
#include "upstare/abi.h"
#include "llvm/ADT/SmallVectorExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Path.h"

using namespace llvm;

namespace upstare::patchgen {

//===----------------------------------------------------------------------===//
// Frame structs
//===----------------------------------------------------------------------===//

static CField frameHead(TypeGraph &Graph) {
  CType Head;
  Head.K = CType::Bytes;
  Head.Name = Head.Spelling = "struct upstare_frame";
  Head.Size = sizeof(struct upstare_frame);
  Head.Align = alignof(struct upstare_frame);
  CField F;
  F.Name = "head";
  F.Type = Graph.add(std::move(Head));
  F.SizeBits = F.Type->Size * 8;
  return F;
}

/// Pinned members are pointers to their objects.
static const CType *fieldType(TypeGraph &Graph, const FrameMember &M) {
  if (!M.pinned())
    return M.Type;
  CType Pointer;
  Pointer.K = CType::DataPointer;
  Pointer.Size = Pointer.Align = 8;
  if (M.Type->K != CType::Void)
    Pointer.Element = M.dynamic() ? M.Type->Element : M.Type;
  return Graph.add(std::move(Pointer));
}

const CType *FrameWriter::frameStruct(const FramePair &F, const FrameSide &Side,
                                      Version V) {
  TypeGraph &Graph = Types.graph(V);
  CType Frame;
  Frame.K = CType::Struct;
  Frame.Name = "frame_" + F.Id;
  Frame.Size = Side.Shape->RecordSize;
  Frame.ExplicitAlign = UPSTARE_FRAME_ALIGN;
  Frame.File = Side.Shape->File;
  Frame.Line = Side.Shape->Line;
  Frame.Fields.push_back(frameHead(Graph));
  auto Order =
      map_to_vector(Side.Members, [](const FrameMember &M) { return &M; });
  llvm::sort(Order, [](const FrameMember *A, const FrameMember *B) {
    return std::make_pair(A->M->Offset, A) < std::make_pair(B->M->Offset, B);
  });
  for (const FrameMember *M : Order) {
    CField Field;
    Field.Name = M->Field;
    Field.Type = fieldType(Graph, *M);
    Field.OffsetBits = M->M->Offset * 8;
    Field.SizeBits = Field.Type->Size * 8;
    if (M->M->isTemporary())
      Field.Comment = M->M->Name;
    else if (M->M->Line)
      Field.Comment = "line " + std::to_string(M->M->Line);
    if (M->pinned())
      Field.Comment +=
          Field.Comment.empty() ? "stays in memory" : ", stays in memory";
    Frame.Fields.push_back(std::move(Field));
  }
  const CType *T = Graph.add(std::move(Frame));
  Text.need(T);
  return T;
}

//===----------------------------------------------------------------------===//
// Members
//===----------------------------------------------------------------------===//

bool FrameWriter::isTrivial(const FramePair &F) {
  const FunctionShape &Old = *F.Old.Shape, &New = *F.New.Shape;
  if (Old.RecordSize != New.RecordSize ||
      Old.Members.size() != New.Members.size() ||
      Overrides.contains(F.convertName()) || !F.SourcesAt.empty() ||
      !F.Lacking.empty())
    return false;
  for (size_t I = 0; I < F.New.Members.size(); ++I) {
    const FrameMember &N = F.New.Members[I];
    if (F.Sources[I].Old < 0 || Overrides.contains(F.initName(N)))
      return false;
    const FrameMember &O = F.Old.Members[F.Sources[I].Old];
    if (O.M->Offset != N.M->Offset || O.M->Kind != N.M->Kind ||
        O.M->Size != N.M->Size)
      return false;
    if (!N.pinned() && Convert.needsWork(O.Type, N.Type))
      return false;
  }
  return true;
}

static std::string whatIs(const FramePair &F, const FrameMember &M) {
  return (M.M->isTemporary() ? "a temporary" : "variable " + M.M->Name) +
         " of " + F.New.Shape->Name;
}

void FrameWriter::writeMember(raw_ostream &OS, const FramePair &F, size_t New,
                              int Source) {
  const FrameMember &N = F.New.Members[New];
  if (Source < 0) {
    OS << "  /* no source: " << N.Field << " */\n";
    return;
  }
  const FrameMember &O = F.Old.Members[Source];
  if (N.pinned()) // the runtime has placed its address
    return;
  ConvertWriter::Place At;
  At.From = "from->" + O.Field;
  At.To = "to->" + N.Field;
  At.What = whatIs(F, N);
  At.IsPointer = N.M->isTemporary();
  Convert.warnOfDropped(O.Type, N.Type, At.What);
  if (!O.pinned()) {
    Convert.assign(OS, O.Type, N.Type, At);
    return;
  }
  OS << "  if (from->" << O.Field << ") {\n";
  At.From = "(*from->" + O.Field + ")";
  At.Indent = 4;
  Convert.assign(OS, O.Type, N.Type, At);
  OS << "  }\n";
}

/// "switch (upstare_point(update)) { case 1: case 2: {"
static void beginAt(raw_ostream &OS, const std::set<unsigned> &Points) {
  OS << "  switch (upstare_point(update)) {\n ";
  for (unsigned P : Points)
    OS << " case " << P << ":";
  OS << " {\n";
}
static void endAt(raw_ostream &OS) { OS << "  }\n  }\n"; }

/// The user's, where the member has no source; if it has one everywhere, the
/// user wants another value everywhere.
void FrameWriter::writeInitialiser(raw_ostream &OS, const FramePair &F,
                                   size_t New, StringRef Prototype) {
  std::string Init = F.initName(F.New.Members[New]);
  auto Lacking = F.Lacking.find(New);
  bool Everywhere = Lacking == F.Lacking.end();
  if (Overrides.contains(Init)) {
    if (!Everywhere)
      beginAt(OS, Lacking->second);
    OS << "  " << Init << "(from, to, update);\n";
    if (!Everywhere)
      endAt(OS);
  } else if (Everywhere && F.Sources[New].Old >= 0) {
    return;
  }
  Initializers += "/* " + whatIs(F, F.New.Members[New]) + "; called at ";
  if (Everywhere) {
    Initializers += "every point";
  } else {
    Initializers += "points";
    for (unsigned P : Lacking->second)
      Initializers += " " + std::to_string(P);
  }
  Initializers += " */\n" + Prototype.str() + ";\n";
}

/// A field that only the new type has is 0 in an object that is there already,
/// whatever the new version's code would have set when it made the object.
void FrameWriter::warnOfAdded(const CType *Old, const CType *New,
                              const std::string &What) {
  if (Old->K == CType::Array && New->K == CType::Array)
    return warnOfAdded(Old->Element, New->Element, What);
  if (Old->K != CType::Struct || New->K != CType::Struct ||
      Types.same(Old, New))
    return;
  std::string Added;
  for (const TypeComparer::FieldPair &F : Types.pairFields(Old, New))
    if (!F.Old && F.New && !F.New->Name.empty())
      Added += (Added.empty() ? "" : ", ") + F.New->Name;
    else if (F.Old && F.New)
      warnOfAdded(F.Old->Type, F.New->Type,
                  "field " + F.New->Name + " of " + What);
  if (!Added.empty())
    Convert.warn(What + ": what is new in " + New->str() + " (" + Added +
                 ") is 0 after an update; set it by an initialiser of the "
                 "override file if that is wrong");
}

/// Makes the structs that a frame points to complete in the header, for those
/// who must find a value.
void FrameWriter::explain(const FrameSide &Side) {
  for (const FrameMember &M : Side.Members)
    if (M.Type->K == CType::DataPointer)
      if (const CType *To = Types.graph(M.Type->V).pointee(M.Type);
          To && To->isAggregate())
        Text.need(To);
}

/// One initialiser of struct upstare_pinned, "" if the member needs none.
std::string FrameWriter::pinnedEntry(const FramePair &F, size_t New) {
  const FrameMember &N = F.New.Members[New];
  int Source = F.Sources[New].Old;
  uint64_t Align = alignOf(N);
  std::string Hint = F.Id + "_" + N.Field, What = whatIs(F, N), Map;
  unsigned Flags = 0;
  uint64_t OldOffset = 0;
  if (Source < 0) {
    if (!Overrides.contains(F.initName(N)) || N.dynamic())
      return "";
    Flags = UPSTARE_PINNED_FRESH;
    Map = Maps.object(MapWriter::Fresh, N.Type, N.Type, Align, Hint, What);
  } else {
    const FrameMember &O = F.Old.Members[Source];
    OldOffset = O.M->Offset;
    MapWriter::Fate Fate = MapWriter::Moves;
    if (!O.pinned()) {
      Flags = UPSTARE_PINNED_FROM_VALUE;
      Fate = MapWriter::FromValue;
    } else if (staysInPlace(Types, O, N)) {
      Fate = MapWriter::Stays;
    }
    Map = O.dynamic() ? "0"
                      : Maps.object(Fate, O.Type, N.Type, Align, Hint, What);
    // Where nothing moves, nobody asks what begins where.
    if (F.Trivial && !Moves && Map == "0")
      return "";
  }
  return formatv("    {{{0}, {1}, {2}, {3}, {4}},\n", cString(N.M->Name),
                 OldOffset, N.M->Offset, Map, Flags);
}

std::string FrameWriter::pinnedList(const FramePair &F, unsigned Index,
                                    unsigned &Count) {
  std::string Entries;
  for (size_t I = 0; I < F.New.Members.size(); ++I) {
    if (!F.New.Members[I].pinned())
      continue;
    std::string Entry = pinnedEntry(F, I);
    Count += !Entry.empty();
    Entries += Entry;
  }
  if (!Count)
    return "0";
  std::string Name = "pinned_" + std::to_string(Index);
  Pinned += "static const struct upstare_pinned " + Name + "[] = { /* " + F.Id +
            " */\n" + Entries + "};\n";
  return Name;
}

//===----------------------------------------------------------------------===//
// Frames
//===----------------------------------------------------------------------===//

/// The functions for words that may be pointers, of old and new records.
std::string FrameWriter::wordFunctions(const FramePair &F) {
  if (!Words)
    return "0, 0";
  std::vector<const FrameMember *> Old, New;
  std::set<int> Sources;
  for (size_t I = 0; I < F.New.Members.size(); ++I) {
    bool Any = F.Sources[I].Old >= 0;
    if (Any)
      Sources.insert(F.Sources[I].Old);
    for (const auto &[Members, Points] : F.SourcesAt)
      if (Members.first == I && Members.second >= 0) {
        Sources.insert(Members.second);
        Any = true;
      }
    if (Any)
      New.push_back(&F.New.Members[I]);
  }
  for (int Source : Sources)
    Old.push_back(&F.Old.Members[Source]);
  return Words->frame(*F.Old.Shape, Old, WordWriter::Tell) + ", " +
         Words->frame(*F.New.Shape, New, WordWriter::Forward);
}

static std::string place(const FunctionShape &S) {
  return (S.Name + " (" + sys::path::filename(S.File) + ":" + Twine(S.Line) +
          ")")
      .str();
}

void FrameWriter::write(FramePair &F, unsigned Index) {
  F.Trivial = isTrivial(F);
  unsigned PinnedCount = 0;
  std::string List = pinnedList(F, Index, PinnedCount);
  std::string Function = "0";
  if (!F.Trivial) {
    std::string OldTag = Text.tag(frameStruct(F, F.Old, Version::Old));
    std::string NewTag = Text.tag(frameStruct(F, F.New, Version::New));
    auto Prototype = [&](const std::string &Name) {
      return Overridable::prototype(Name, "const struct " + OldTag + " *from",
                                    "struct " + NewTag + " *to");
    };
    Overridable Entry;
    Entry.Name = F.convertName();
    Entry.Prototype = Prototype(Entry.Name);
    Entry.Comment = place(*F.Old.Shape) + " -> " + place(*F.New.Shape);
    raw_string_ostream OS(Entry.Body);
    if (!F.Lacking.empty()) {
      explain(F.Old);
      explain(F.New);
    }
    for (size_t I = 0; I < F.New.Members.size(); ++I) {
      writeMember(OS, F, I, F.Sources[I].Old);
      if (int Source = F.Sources[I].Old;
          Source >= 0 && !Overrides.contains(F.initName(F.New.Members[I])))
        warnOfAdded(F.Old.Members[Source].Type, F.New.Members[I].Type,
                    whatIs(F, F.New.Members[I]));
    }
    for (const auto &[Members, Points] : F.SourcesAt) {
      beginAt(OS, Points);
      writeMember(OS, F, Members.first, Members.second);
      endAt(OS);
    }
    for (size_t I = 0; I < F.New.Members.size(); ++I)
      writeInitialiser(OS, F, I, Prototype(F.initName(F.New.Members[I])));
    OS.flush();
    Functions.push_back(std::move(Entry));
    Function = "(upstare_convert_frame *)" + F.convertName();
  }
  const FunctionShape &Old = *F.Old.Shape, &New = *F.New.Shape;
  Table +=
      formatv("    [{0}] = {{{1}, {2}, UINT64_C({3:x}), UINT64_C({4:x}), "
              "{5}, {6},\n      rebuild_{0}, {7}, {8}, {9}, {10},\n      {11}, "
              "rebuild_bytes_{0}},\n",
              Index, cString(Old.Name), cString(New.Name), Old.Key, New.Key,
              Old.RecordSize, New.RecordSize, Function, List, PinnedCount,
              F.ReturnClass, wordFunctions(F));
}

void FrameWriter::emitTable(raw_ostream &OS) const {
  OS << Pinned << "static const struct upstare_frame_map us_frames[] = {\n"
     << Table << "};\n\n";
}

} // namespace upstare::patchgen
