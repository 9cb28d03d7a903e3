//===- TypeMap.h - which types change, and how ------------------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Is an old type the same as a new one, does anything inside it have to be
// forwarded, and can an old value become a new one without the user's help?
//
// "Same" means: the same bytes mean the same, so that old objects can stay in
// use. Names and places of fields, kinds and sizes of their types, counts of
// arrays and values of enumerators agree. Tags, typedefs, cv and signedness
// do not matter, nor what pointers point to (the pointer's bytes stay true).
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_PATCHGEN_TYPEMAP_H
#define UPSTARE_PATCHGEN_TYPEMAP_H

#include "CTypes.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/StringSet.h"
#include <utility>

namespace upstare::patchgen {

using TypePair = std::pair<const CType *, const CType *>; // old, new

/// What a pointer's target does to the pointer.
enum class Target {
  Stays,   // and leads to nothing that changes, as far as types tell
  Leads,   // stays, but leads to objects of types that change
  Changes, // old objects are of no use to new code
};

class TypeComparer {
public:
  TypeComparer() : OldGraph(Version::Old), NewGraph(Version::New) {}

  TypeGraph &graph(Version V) {
    return V == Version::Old ? OldGraph : NewGraph;
  }

  bool same(const CType *Old, const CType *New);
  bool same(const llvm::DIType *Old, const llvm::DIType *New) {
    return same(OldGraph.get(Old), NewGraph.get(New));
  }
  bool containsPointers(const CType *T);
  bool containsPointers(const llvm::DIType *T, Version V) {
    return containsPointers(graph(V).get(T));
  }
  /// Of two pointer types (old, new).
  Target target(const CType *OldPointer, const CType *NewPointer);
  /// A pointer in it leads to, or points to, a type that changes.
  bool leadsToChange(const CType *Old, const CType *New);

  /// Structs and unions that both versions define under one tag, differently:
  /// those of NEW.
  const std::vector<const CType *> &changedDefinitions();

  /// Why an old value cannot become a new one by itself; "" if it can. Looks
  /// at the two types and array elements, not into structs and unions (these
  /// have functions, and problems, of their own).
  std::string obstacle(const CType *Old, const CType *New);
  /// Likewise for two unions: which member is in use, only the program knows.
  std::string unionObstacle(const CType *Old, const CType *New);

  /// Pairs the fields of two structs or unions by name, in NEW's order; second
  /// null: removed, first null: added. Anonymous structs are entered, anonymous
  /// unions paired by the names in them. Offsets are those in the whole.
  struct FieldPair {
    const CField *Old = nullptr, *New = nullptr;
    uint64_t OldBits = 0, NewBits = 0;
  };
  std::vector<FieldPair> pairFields(const CType *Old, const CType *New);

private:
  bool compare(const CType *Old, const CType *New);

  TypeGraph OldGraph, NewGraph;
  llvm::DenseMap<TypePair, bool> SameMemo;
  llvm::DenseMap<const CType *, bool> PointerMemo;
  llvm::DenseMap<TypePair, bool> LeadsMemo;
  std::optional<std::vector<const CType *>> ChangedMemo;
};

} // namespace upstare::patchgen

#endif // UPSTARE_PATCHGEN_TYPEMAP_H
