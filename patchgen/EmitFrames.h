//===- EmitFrames.h - old frames into new ones, as C ------------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What becomes of a frame: its two structs, the function that fills the new one
// (upstare_frame_<id>, overridable), its pinned members and its frame map.
//
// A frame is trivial when both versions lay it out alike and nothing in it
// needs work: no text but one line of the table.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_PATCHGEN_EMITFRAMES_H
#define UPSTARE_PATCHGEN_EMITFRAMES_H

#include "EmitMaps.h"
#include "EmitWords.h"
#include "FrameMatch.h"
#include <map>
#include <set>

namespace upstare::patchgen {

/// Frames of one old function on their way to one new function.
struct FramePair {
  std::string Id; // of upstare_frame_<id>
  FrameSide Old, New;
  std::vector<MemberSource> Sources; // one per new member
  /// By (new, old) member: the old points at which the old one is the source.
  std::map<std::pair<size_t, int>, std::set<unsigned>> SourcesAt;
  /// By new member: the old points at which it has no source; the user's
  /// initialiser is called at these.
  std::map<size_t, std::set<unsigned>> Lacking;
  std::string RebuildSymbol;
  uint32_t ReturnClass = 0;
  bool Trivial = false;

  std::string convertName() const { return "upstare_frame_" + Id; }
  std::string initName(const FrameMember &M) const {
    return "upstare_init_" + Id + "__" + M.Field;
  }
};

class FrameWriter {
public:
  FrameWriter(TypeComparer &Types, TypeText &Text, ConvertWriter &Convert,
              MapWriter &Maps, WordWriter *Words,
              const llvm::StringSet<> &Overrides, bool Moves)
      : Types(Types), Text(Text), Convert(Convert), Maps(Maps), Words(Words),
        Overrides(Overrides), Moves(Moves) {}

  void write(FramePair &F, unsigned Index);

  const std::vector<Overridable> &functions() const { return Functions; }
  /// Prototypes of the initialisers that the user may add.
  const std::string &initializers() const { return Initializers; }
  void emitTable(llvm::raw_ostream &OS) const;

private:
  bool isTrivial(const FramePair &F);
  const CType *frameStruct(const FramePair &F, const FrameSide &Side,
                           Version V);
  void writeMember(llvm::raw_ostream &OS, const FramePair &F, size_t New,
                   int Source);
  void writeInitialiser(llvm::raw_ostream &OS, const FramePair &F, size_t New,
                        llvm::StringRef Prototype);
  void explain(const FrameSide &Side);
  void warnOfAdded(const CType *Old, const CType *New, const std::string &What);
  std::string pinnedList(const FramePair &F, unsigned Index, unsigned &Count);
  std::string pinnedEntry(const FramePair &F, size_t New);
  std::string wordFunctions(const FramePair &F);

  TypeComparer &Types;
  TypeText &Text;
  ConvertWriter &Convert;
  MapWriter &Maps;
  WordWriter *Words; // null: nothing moves
  const llvm::StringSet<> &Overrides;
  const bool Moves; // anything
  std::vector<Overridable> Functions;
  std::string Initializers, Pinned, Table;
};

} // namespace upstare::patchgen

#endif // UPSTARE_PATCHGEN_EMITFRAMES_H
