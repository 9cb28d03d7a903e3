//===- TypeMap.cpp - which types change, and how ----------------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Comparison goes by value, where types have no cycles; only leadsToChange()
// follows pointers, with the pairs that it has seen.
//
//===----------------------------------------------------------------------===//

#include "TypeMap.h"

using namespace llvm;

namespace upstare::patchgen {

//===----------------------------------------------------------------------===//
// Same
//===----------------------------------------------------------------------===//

/// Enumerators of one name have one value. Others may come and go.
static bool sameEnumerators(const CType *Old, const CType *New) {
  if (!Old->isEnum() || !New->isEnum())
    return true;
  StringMap<int64_t> Values;
  for (const CEnumerator &E : Old->Enumerators)
    Values[E.Name] = E.Value;
  for (const CEnumerator &E : New->Enumerators) {
    auto Found = Values.find(E.Name);
    if (Found != Values.end() && Found->second != E.Value)
      return false;
  }
  return true;
}

bool TypeComparer::same(const CType *Old, const CType *New) {
  if (Old->isPointer() && New->isPointer())
    return true;
  auto Found = SameMemo.find({Old, New});
  if (Found != SameMemo.end())
    return Found->second;
  bool Result = compare(Old, New);
  SameMemo[{Old, New}] = Result;
  return Result;
}

bool TypeComparer::compare(const CType *Old, const CType *New) {
  if (Old->K != New->K || Old->Size != New->Size)
    return false;
  switch (Old->K) {
  case CType::Integer:
    return sameEnumerators(Old, New);
  case CType::Float:
  case CType::Bytes:
    return Old->Name == New->Name;
  case CType::Complex:
  case CType::Array:
  case CType::Vector:
    return Old->Count == New->Count && Old->Flexible == New->Flexible &&
           same(Old->Element, New->Element);
  case CType::Struct:
  case CType::Union:
    break;
  default:
    return true;
  }
  // New code may rely on an alignment that old objects lack.
  if (Old->Fields.size() != New->Fields.size() || New->Align > Old->Align)
    return false;
  for (size_t I = 0; I < Old->Fields.size(); ++I) {
    const CField &A = Old->Fields[I], &B = New->Fields[I];
    if (A.Name != B.Name || A.OffsetBits != B.OffsetBits ||
        A.SizeBits != B.SizeBits || A.BitField != B.BitField ||
        !same(A.Type, B.Type))
      return false;
  }
  return true;
}

//===----------------------------------------------------------------------===//
// Pointers
//===----------------------------------------------------------------------===//

bool TypeComparer::containsPointers(const CType *T) {
  if (T->K == CType::DataPointer)
    return true;
  if (T->K == CType::Array)
    return containsPointers(T->Element);
  if (!T->isAggregate())
    return false;
  auto Found = PointerMemo.find(T);
  if (Found != PointerMemo.end())
    return Found->second;
  bool Result = false;
  for (const CField &F : T->Fields)
    Result |= containsPointers(F.Type);
  return PointerMemo[T] = Result;
}

Target TypeComparer::target(const CType *OldPointer, const CType *NewPointer) {
  if (OldPointer->K != CType::DataPointer ||
      NewPointer->K != CType::DataPointer)
    return Target::Stays;
  const CType *Old = OldGraph.pointee(OldPointer);
  const CType *New = NewGraph.pointee(NewPointer);
  if (Old->saysNothing() || New->saysNothing())
    return Target::Stays;
  if (!same(Old, New))
    return Target::Changes;
  return leadsToChange(Old, New) ? Target::Leads : Target::Stays;
}

bool TypeComparer::leadsToChange(const CType *Old, const CType *New) {
  auto Found = LeadsMemo.find({Old, New});
  if (Found != LeadsMemo.end())
    return Found->second;
  DenseSet<TypePair> Seen;
  std::vector<TypePair> Work;
  auto Push = [&](const CType *A, const CType *B) {
    if (containsPointers(A) && Seen.insert({A, B}).second)
      Work.push_back({A, B});
  };
  Push(Old, New);
  while (!Work.empty()) {
    auto [A, B] = Work.back();
    Work.pop_back();
    if (A->K == CType::DataPointer && B->K == CType::DataPointer) {
      const CType *TargetA = OldGraph.pointee(A);
      const CType *TargetB = NewGraph.pointee(B);
      if (TargetA->saysNothing() || TargetB->saysNothing())
        continue;
      if (!same(TargetA, TargetB))
        return LeadsMemo[{Old, New}] = true;
      Push(TargetA, TargetB);
    } else if (A->K == CType::Array && B->K == CType::Array) {
      Push(A->Element, B->Element);
    } else if (A->isAggregate() && A->K == B->K) {
      for (const FieldPair &F : pairFields(A, B))
        if (F.Old && F.New)
          Push(F.Old->Type, F.New->Type);
    }
  }
  for (const TypePair &P : Seen)
    LeadsMemo[P] = false;
  return LeadsMemo[{Old, New}] = false;
}

//===----------------------------------------------------------------------===//
// Fields
//===----------------------------------------------------------------------===//

namespace {
struct FlatField {
  const CField *Field;
  uint64_t Bits;
  bool Used = false;
};
} // namespace

/// The fields that can be named through T. In a union, an anonymous struct is
/// one of the alternatives and stays whole.
static void flatten(const CType *T, uint64_t Base,
                    std::vector<FlatField> &Result) {
  for (const CField &F : T->Fields)
    if (F.Name.empty() && F.Type->K == CType::Struct && T->K == CType::Struct)
      flatten(F.Type, Base + F.OffsetBits, Result);
    else
      Result.push_back({&F, Base + F.OffsetBits});
}

static void namesIn(const CType *T, StringSet<> &Names) {
  for (const CField &F : T->Fields)
    if (!F.Name.empty())
      Names.insert(F.Name);
    else
      namesIn(F.Type, Names);
}

static bool shareNames(const CType *A, const CType *B) {
  StringSet<> NamesA, NamesB;
  namesIn(A, NamesA);
  namesIn(B, NamesB);
  for (const auto &Name : NamesA)
    if (NamesB.contains(Name.getKey()))
      return true;
  return false;
}

std::vector<TypeComparer::FieldPair>
TypeComparer::pairFields(const CType *Old, const CType *New) {
  std::vector<FlatField> OldFields, NewFields;
  flatten(Old, 0, OldFields);
  flatten(New, 0, NewFields);
  std::vector<FieldPair> Result;
  for (const FlatField &N : NewFields) {
    FieldPair Pair{nullptr, N.Field, 0, N.Bits};
    for (FlatField &O : OldFields) {
      if (O.Used || O.Field->Name != N.Field->Name)
        continue;
      if (N.Field->Name.empty() && (O.Field->Type->K != N.Field->Type->K ||
                                    !shareNames(O.Field->Type, N.Field->Type)))
        continue;
      O.Used = true;
      Pair.Old = O.Field;
      Pair.OldBits = O.Bits;
      break;
    }
    Result.push_back(Pair);
  }
  for (const FlatField &O : OldFields)
    if (!O.Used)
      Result.push_back({O.Field, nullptr, O.Bits, 0});
  return Result;
}

//===----------------------------------------------------------------------===//
// Obstacles
//===----------------------------------------------------------------------===//

std::string TypeComparer::obstacle(const CType *Old, const CType *New) {
  if (same(Old, New) || (Old->isArithmetic() && New->isArithmetic()) ||
      (Old->isAggregate() && New->K == Old->K))
    return "";
  if (Old->K == CType::Array && New->K == CType::Array)
    return obstacle(Old->Element, New->Element);
  return Old->str() + " cannot become " + New->str() + " by itself";
}

std::string TypeComparer::unionObstacle(const CType *Old, const CType *New) {
  if (same(Old, New))
    return "";
  for (const FieldPair &F : pairFields(Old, New)) {
    if (!F.Old)
      continue;
    std::string Name =
        F.Old->Name.empty() ? "an anonymous member" : "member " + F.Old->Name;
    if (!F.New)
      return Name + " of " + Old->str() +
             " is removed, and nothing tells which member is in use";
    if (F.OldBits != F.NewBits || F.Old->SizeBits != F.New->SizeBits ||
        !same(F.Old->Type, F.New->Type))
      return Name + " of " + Old->str() +
             " changes, and nothing tells which member is in use";
  }
  return "";
}

const std::vector<const CType *> &TypeComparer::changedDefinitions() {
  if (ChangedMemo)
    return *ChangedMemo;
  std::vector<const CType *> &Changed = ChangedMemo.emplace();
  auto Compare = [&](const auto &OldTypes, const auto &NewTypes) {
    for (const auto &Entry : NewTypes) {
      const DICompositeType *Before = OldTypes.lookup(Entry.getKey());
      const CType *New = NewGraph.get(Entry.getValue());
      if (Before && New->isAggregate() && !same(OldGraph.get(Before), New))
        Changed.push_back(New);
    }
  };
  Compare(OldGraph.definitions(), NewGraph.definitions());
  Compare(OldGraph.untagged(), NewGraph.untagged());
  llvm::sort(Changed, [](const CType *A, const CType *B) {
    return A->str() < B->str();
  });
  return Changed;
}

} // namespace upstare::patchgen
