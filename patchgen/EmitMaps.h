//===- EmitMaps.h - type maps as C ------------------------------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which struct upstare_type_map does an object need, and which functions are in
// it? Each request returns the C expression to put in a table ("&map_session",
// or "0" for "stays, no pointers inside").
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_PATCHGEN_EMITMAPS_H
#define UPSTARE_PATCHGEN_EMITMAPS_H

#include "EmitConvert.h"
#include "EmitOffsets.h"
#include <map>

namespace upstare::patchgen {

class MapWriter {
public:
  MapWriter(TypeComparer &Types, TypeText &Text, ConvertWriter &Convert)
      : Types(Types), Text(Text), Convert(Convert), Offsets(Types) {}

  enum Fate {
    Stays,     // visited
    Moves,     // converted to new storage
    FromValue, // converted from a frame record
    Fresh,     // nothing to convert from: only size and alignment count
  };
  /// Hint names what has no tag; What is for messages.
  std::string object(Fate F, const CType *Old, const CType *New, uint64_t Align,
                     const std::string &Hint, const std::string &What);

  struct Global {
    std::string Id, Name;
    const CType *Old = nullptr, *New = nullptr;
    uint64_t OldSize = 0, NewSize = 0, Align = 0;
    std::string Convert; // function; "" : stays
  };
  std::string global(const Global &G);

  void emit(llvm::raw_ostream &OS) const;

private:
  std::string converter(const CType *Old, const CType *New,
                        const std::string &Hint, const std::string &What);
  std::string globalVisitor(const Global &G);
  std::string add(const std::string &Id, const std::string &Name,
                  uint64_t OldSize, uint64_t NewSize, uint64_t Align,
                  const std::string &Convert, const std::string &Visit,
                  const std::string &Offset);

  using Key = std::tuple<Fate, const CType *, const CType *, uint64_t>;
  TypeComparer &Types;
  TypeText &Text;
  ConvertWriter &Convert;
  OffsetWriter Offsets;
  std::map<Key, std::string> Known; // looked up only, never walked
  llvm::StringSet<> Used;
  std::string Statics, Maps;
};

} // namespace upstare::patchgen

#endif // UPSTARE_PATCHGEN_EMITMAPS_H
