//===- CTypes.cpp - types of one program, apart from LLVM -------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// How does debug information (or an IR type) become a CType? Each function here
// answers for one kind of node; intern() makes equal ones one.
//
//===----------------------------------------------------------------------===//

#include "CTypes.h"
#include "llvm/BinaryFormat/Dwarf.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/DataLayout.h"
#include "llvm/IR/DebugInfo.h"
#include "llvm/IR/DerivedTypes.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/MathExtras.h"

using namespace llvm;

namespace upstare::patchgen {

//===----------------------------------------------------------------------===//
// CType
//===----------------------------------------------------------------------===//

const CField *CType::flexibleTail() const {
  if (K != Struct || Fields.empty())
    return nullptr;
  const CField &Last = Fields.back();
  return Last.Type->K == Array && Last.Type->Size == 0 ? &Last : nullptr;
}

const CField *CType::field(StringRef FieldName) const {
  for (const CField &F : Fields)
    if (F.Name == FieldName)
      return &F;
  return nullptr;
}

static std::string pointeeName(const DIType *T) {
  while (const auto *D = dyn_cast_or_null<DIDerivedType>(T)) {
    if (D->getTag() == dwarf::DW_TAG_pointer_type)
      return pointeeName(D->getBaseType()) + "*";
    if (D->getTag() == dwarf::DW_TAG_typedef && !D->getName().empty())
      return D->getName().str() + " ";
    T = D->getBaseType();
  }
  if (!T)
    return "void ";
  StringRef Tag;
  if (T->getTag() == dwarf::DW_TAG_structure_type)
    Tag = "struct ";
  else if (T->getTag() == dwarf::DW_TAG_union_type)
    Tag = "union ";
  else if (T->getTag() == dwarf::DW_TAG_enumeration_type)
    Tag = "enum ";
  return (Tag + (T->getName().empty() ? StringRef("…") : T->getName()) + " ")
      .str();
}

std::string CType::str() const {
  switch (K) {
  case Void:
    return "void";
  case DataPointer:
    return pointeeName(Pointee) + "*";
  case CodePointer:
    return "pointer to function";
  case Array: {
    // Outer dimensions come first: int[2][3] is two times int[3].
    std::string Dimensions;
    const CType *T = this;
    for (; T->K == Array; T = T->Element)
      Dimensions += "[" + (T->Flexible ? "" : std::to_string(T->Count)) + "]";
    return T->str() + Dimensions;
  }
  case Vector:
    return "vector of " + std::to_string(Count) + " " + Element->str();
  case Struct:
    return "struct " + (Name.empty() ? "(anonymous)" : Name);
  case Union:
    return "union " + (Name.empty() ? "(anonymous)" : Name);
  case Opaque:
    return "undefined struct " + Name;
  case Integer:
    if (isEnum())
      return "enum " + (Name.empty() ? "(anonymous)" : Name);
    return Name;
  default:
    return Name;
  }
}

//===----------------------------------------------------------------------===//
// Debug information
//===----------------------------------------------------------------------===//

static bool isQualifier(unsigned Tag) {
  return Tag == dwarf::DW_TAG_typedef || Tag == dwarf::DW_TAG_const_type ||
         Tag == dwarf::DW_TAG_volatile_type ||
         Tag == dwarf::DW_TAG_restrict_type || Tag == dwarf::DW_TAG_atomic_type;
}

static const DIType *strip(const DIType *T, StringRef *TypedefName = nullptr) {
  while (const auto *D = dyn_cast_or_null<DIDerivedType>(T)) {
    if (!isQualifier(D->getTag()))
      break;
    if (TypedefName && D->getTag() == dwarf::DW_TAG_typedef)
      *TypedefName = D->getName();
    T = D->getBaseType();
  }
  return T;
}

static bool isTagged(const DICompositeType *T) {
  return T->getTag() == dwarf::DW_TAG_structure_type ||
         T->getTag() == dwarf::DW_TAG_class_type ||
         T->getTag() == dwarf::DW_TAG_union_type;
}

void TypeGraph::addModule(const Module &M) {
  DebugInfoFinder Finder;
  Finder.processModule(M);
  for (const DIType *T : Finder.types()) {
    if (const auto *D = dyn_cast<DIDerivedType>(T);
        D && D->getTag() == dwarf::DW_TAG_typedef)
      if (const auto *C = dyn_cast_or_null<DICompositeType>(D->getBaseType());
          C && isTagged(C) && !C->isForwardDecl() && C->getName().empty())
        Untagged.try_emplace(D->getName(), C);
    const auto *C = dyn_cast<DICompositeType>(T);
    if (C && isTagged(C) && !C->isForwardDecl() && !C->getName().empty())
      Definitions.try_emplace(C->getName(), C);
  }
}

const DICompositeType *TypeGraph::definition(const DICompositeType *T) const {
  if (!T->isForwardDecl())
    return T;
  auto Found = Definitions.find(T->getName());
  return Found == Definitions.end() ? T : Found->second;
}

const CType *TypeGraph::get(const DIType *T) {
  auto Found = Known.find(T);
  if (Found != Known.end())
    return Found->second;
  StringRef TypedefName;
  const DIType *Stripped = strip(T, &TypedefName);
  const CType *Result = build(Stripped, TypedefName);
  Known[T] = Result;
  Known.try_emplace(Stripped, Result);
  return Result;
}

const CType *TypeGraph::build(const DIType *T, StringRef TypedefName) {
  CType Result;
  if (!T || isa<DISubroutineType>(T)) {
    Result.K = CType::Void;
    Result.Name = "void";
  } else if (const auto *B = dyn_cast<DIBasicType>(T)) {
    Result = fromBasic(B);
  } else if (const auto *D = dyn_cast<DIDerivedType>(T)) {
    Result = fromDerived(D);
  } else if (const auto *C = dyn_cast<DICompositeType>(T)) {
    Result = fromComposite(definition(C), TypedefName);
  } else {
    Result.Name = T->getName().str();
    Result.Size = T->getSizeInBits() / 8;
  }
  return intern(std::move(Result));
}

CType TypeGraph::fromBasic(const DIBasicType *T) {
  CType R;
  R.Name = T->getName().str();
  R.Size = T->getSizeInBits() / 8;
  R.Align = PowerOf2Ceil(std::max<uint64_t>(R.Size, 1));
  bool PlainSize = isPowerOf2_64(R.Size) && R.Size <= 16;
  switch (T->getEncoding()) {
  case dwarf::DW_ATE_boolean:
    R.K = CType::Bool;
    break;
  case dwarf::DW_ATE_signed:
  case dwarf::DW_ATE_signed_char:
    R.K = CType::Integer;
    R.Signed = true;
    break;
  case dwarf::DW_ATE_unsigned:
  case dwarf::DW_ATE_unsigned_char:
  case dwarf::DW_ATE_UTF:
  case dwarf::DW_ATE_address:
    R.K = CType::Integer;
    break;
  case dwarf::DW_ATE_float:
    R.K = CType::Float;
    break;
  case dwarf::DW_ATE_complex_float: {
    CType Part;
    Part.K = CType::Float;
    Part.Size = Part.Align = R.Size / 2;
    Part.Name = Part.Size == 4   ? "float"
                : Part.Size == 8 ? "double"
                                 : "long double";
    R.K = CType::Complex;
    R.Element = intern(std::move(Part));
    R.Align = R.Element->Size;
    PlainSize = R.Size == 8 || R.Size == 16 || R.Size == 32;
    break;
  }
  default:
    PlainSize = false;
  }
  // _BitInt: debug information gives no width, and padding bits are undefined.
  if (!PlainSize || StringRef(R.Name).contains("_BitInt")) {
    R.K = CType::Bytes;
    R.Align = std::min<uint64_t>(R.Align, 8);
    R.Element = nullptr;
  }
  return R;
}

CType TypeGraph::fromDerived(const DIDerivedType *T) {
  CType R;
  switch (T->getTag()) {
  case dwarf::DW_TAG_pointer_type:
  case dwarf::DW_TAG_reference_type:
  case dwarf::DW_TAG_rvalue_reference_type:
    R.K = CType::DataPointer;
    R.Size = R.Align = 8;
    R.Pointee = T->getBaseType();
    if (isa_and_nonnull<DISubroutineType>(strip(R.Pointee)))
      R.K = CType::CodePointer;
    return R;
  default: // pointers to members and whatever comes
    R.Name = T->getName().empty() ? "tag" + std::to_string(T->getTag())
                                  : T->getName().str();
    R.Size = T->getSizeInBits() / 8;
    R.Align = R.Size % 8 == 0 ? 8 : 1;
    return R;
  }
}

CType TypeGraph::fromComposite(const DICompositeType *T, StringRef Name) {
  if (T->getTag() == dwarf::DW_TAG_array_type)
    return fromArray(T);
  if (isTagged(T))
    return fromAggregate(T, Name);
  CType R;
  R.Name = T->getName().empty() ? Name.str() : T->getName().str();
  R.Size = T->getSizeInBits() / 8;
  R.Align = std::max<uint64_t>(R.Size, 1);
  if (T->getTag() != dwarf::DW_TAG_enumeration_type) {
    R.Align = 1;
    return R;
  }
  R.K = CType::Integer;
  R.File = T->getFilename().str();
  R.Line = T->getLine();
  if (const DIType *Base = T->getBaseType())
    R.Signed = get(Base)->Signed;
  for (const DINode *N : T->getElements())
    if (const auto *E = dyn_cast_or_null<DIEnumerator>(N))
      R.Enumerators.push_back(
          {E->getName().str(), E->getValue().sextOrTrunc(64).getSExtValue()});
  return R;
}

CType TypeGraph::fromArray(const DICompositeType *T) {
  CType R;
  const CType *Element = get(T->getBaseType());
  std::vector<std::pair<uint64_t, bool>> Dimensions; // count, flexible
  for (const DINode *N : T->getElements()) {
    const auto *Range = dyn_cast_or_null<DISubrange>(N);
    const auto *Count =
        Range ? dyn_cast_if_present<ConstantInt *>(Range->getCount()) : nullptr;
    if (Count && !Count->isMinusOne())
      Dimensions.push_back({Count->getZExtValue(), false});
    else
      Dimensions.push_back({0, true});
  }
  bool IsVector = T->isVector();
  for (size_t I = Dimensions.size(); I-- > 0;) {
    CType A;
    A.K = IsVector ? CType::Vector : CType::Array;
    A.Element = Element;
    A.Count = Dimensions[I].first;
    A.Flexible = Dimensions[I].second;
    A.Size = IsVector ? T->getSizeInBits() / 8 : A.Count * Element->Size;
    A.Align = IsVector ? A.Size : Element->Align;
    if (I == 0)
      return A;
    Element = intern(std::move(A));
  }
  R.Name = "array";
  return R;
}

/// Whether C rules alone place all fields where they are. Sets Align, Packed.
static void judgeLayout(CType &T) {
  uint64_t Bits = 0, Natural = 1, End = 0;
  bool Exact = true;
  for (const CField &F : T.Fields) {
    uint64_t Align = std::max(F.Type->Align, F.ExplicitAlign);
    uint64_t Unit = F.Type->Size * 8;
    if (T.K == CType::Union)
      Bits = 0;
    if (F.BitField) {
      if (!Unit || Bits / Unit != (Bits + F.SizeBits - 1) / Unit)
        Bits = alignTo(Bits, std::max<uint64_t>(Unit, 8));
    } else {
      Bits = alignTo(Bits, Align * 8);
    }
    Natural = std::max(Natural, Align);
    Exact &= Bits == F.OffsetBits;
    Bits = F.OffsetBits + F.SizeBits;
    End = std::max(End, Bits);
  }
  Natural = std::max(Natural, T.ExplicitAlign);
  Exact &= alignTo(divideCeil(End, 8), Natural) == T.Size;
  T.Packed = !Exact;
  T.Align = Exact ? Natural : std::max<uint64_t>(T.ExplicitAlign, 1);
}

/// Fields that overlap (C++ only) cannot be written as C.
static bool overlaps(const CType &T) {
  uint64_t End = 0;
  for (const CField &F : T.Fields) {
    if (F.OffsetBits + F.SizeBits > T.Size * 8)
      return true;
    if (T.K == CType::Union ? F.OffsetBits != 0 : F.OffsetBits < End)
      return true;
    End = F.OffsetBits + F.SizeBits;
  }
  return false;
}

CType TypeGraph::fromAggregate(const DICompositeType *T, StringRef Name) {
  CType R;
  R.K = T->getTag() == dwarf::DW_TAG_union_type ? CType::Union : CType::Struct;
  R.Name = T->getName().empty() ? Name.str() : T->getName().str();
  R.File = T->getFilename().str();
  R.Line = T->getLine();
  if (T->isForwardDecl()) {
    R.K = CType::Opaque;
    return R;
  }
  R.Size = T->getSizeInBits() / 8;
  R.ExplicitAlign = T->getAlignInBits() / 8;
  for (const DINode *N : T->getElements()) {
    const auto *D = dyn_cast_or_null<DIDerivedType>(N);
    if (!D || D->isStaticMember() ||
        (D->getTag() != dwarf::DW_TAG_member &&
         D->getTag() != dwarf::DW_TAG_inheritance))
      continue;
    CField F;
    F.Name = D->getName().str();
    F.Type = get(D->getBaseType());
    if (D->getTag() == dwarf::DW_TAG_inheritance)
      F.Name = "base_" + F.Type->Name;
    F.OffsetBits = D->getOffsetInBits();
    F.BitField = D->isBitField();
    F.SizeBits = F.BitField ? D->getSizeInBits() : F.Type->Size * 8;
    F.ExplicitAlign = D->getAlignInBits() / 8;
    F.Line = D->getLine();
    R.Fields.push_back(std::move(F));
  }
  judgeLayout(R);
  if (overlaps(R)) {
    R.K = CType::Bytes;
    R.Fields.clear();
    R.Align = 1;
  }
  return R;
}

const CType *TypeGraph::pointee(const CType *Pointer) {
  return get(Pointer->Pointee);
}

//===----------------------------------------------------------------------===//
// IR types
//===----------------------------------------------------------------------===//

CType TypeGraph::fromStructType(Type *T, const DataLayout &DL) {
  CType R;
  auto *Struct = cast<StructType>(T);
  const StructLayout *Layout = DL.getStructLayout(Struct);
  R.K = CType::Struct;
  R.Size = Layout->getSizeInBytes();
  for (unsigned I = 0; I < Struct->getNumElements(); ++I) {
    CField F;
    F.Name = "f" + std::to_string(I);
    F.Type = get(Struct->getElementType(I), DL);
    F.OffsetBits = Layout->getElementOffsetInBits(I);
    F.SizeBits = F.Type->Size * 8;
    R.Fields.push_back(std::move(F));
  }
  judgeLayout(R);
  return R;
}

static StringRef floatName(const Type *T) {
  if (T->isFloatTy())
    return "float";
  if (T->isDoubleTy())
    return "double";
  if (T->isX86_FP80Ty())
    return "long double";
  if (T->isFP128Ty())
    return "__float128";
  return T->isHalfTy() ? "_Float16" : "";
}

const CType *TypeGraph::get(Type *T, const DataLayout &DL) {
  CType R;
  if (T->isVoidTy())
    return get(nullptr);
  R.Size = DL.getTypeAllocSize(T).getKnownMinValue();
  R.Align = DL.getABITypeAlign(T).value();
  if (T->isPointerTy()) {
    R.K = CType::DataPointer;
  } else if (auto *Array = dyn_cast<ArrayType>(T)) {
    R.K = CType::Array;
    R.Element = get(Array->getElementType(), DL);
    R.Count = Array->getNumElements();
    R.Align = R.Element->Align;
  } else if (auto *V = dyn_cast<FixedVectorType>(T);
             V && !V->getElementType()->isIntegerTy(1)) {
    R.K = CType::Vector;
    R.Element = get(V->getElementType(), DL);
    R.Count = V->getNumElements();
  } else if (isa<StructType>(T)) {
    R = fromStructType(T, DL);
  } else if (!floatName(T).empty()) {
    R.K = CType::Float;
    R.Name = floatName(T);
  } else if (T->isIntegerTy() && isPowerOf2_64(R.Size) && R.Size <= 16) {
    R.K = CType::Integer;
    R.Name = "i" + std::to_string(R.Size * 8);
    R.Signed = true;
  } else {
    R.Name = "bytes";
    R.Align = 1;
  }
  return intern(std::move(R));
}

//===----------------------------------------------------------------------===//
// Interning
//===----------------------------------------------------------------------===//

/// Names a pointee without looking inside: definitions by where they are.
static std::string
pointeeKey(const DIType *T,
           function_ref<const DICompositeType *(const DICompositeType *)> Def) {
  StringRef Typedef;
  T = strip(T, &Typedef);
  if (!T)
    return "void";
  if (const auto *D = dyn_cast<DIDerivedType>(T))
    return "*" + pointeeKey(D->getBaseType(), Def);
  if (const auto *C = dyn_cast<DICompositeType>(T)) {
    C = Def(C);
    std::string Key = std::to_string(C->getTag()) + ":" +
                      (C->getName().empty() ? Typedef : C->getName()).str();
    if (C->getTag() == dwarf::DW_TAG_array_type)
      return Key + std::to_string(C->getSizeInBits()) +
             pointeeKey(C->getBaseType(), Def);
    return Key + "@" + C->getFilename().str() + ":" +
           std::to_string(C->getLine());
  }
  return T->getName().str();
}

const CType *TypeGraph::intern(CType T) {
  std::string Key;
  raw_string_ostream OS(Key);
  OS << T.K << ';' << T.Name << ';' << T.Size << ';' << T.Align << ';'
     << T.Signed << T.Packed << T.Flexible << ';' << T.ExplicitAlign << ';'
     << T.Count << ';' << (T.Element ? T.Element->Serial + 1 : 0) << ';';
  if (T.K == CType::DataPointer)
    OS << (T.Pointee ? pointeeKey(T.Pointee,
                                  [&](const DICompositeType *C) {
                                    return definition(C);
                                  })
                     : "");
  for (const CField &F : T.Fields)
    OS << F.Name << ',' << F.Type->Serial << ',' << F.OffsetBits << ','
       << F.SizeBits << ',' << F.BitField << ',' << F.ExplicitAlign << ';';
  for (const CEnumerator &E : T.Enumerators)
    OS << E.Name << '=' << E.Value << ';';
  OS.flush();
  auto [Entry, New] = BySignature.try_emplace(Key, nullptr);
  if (New) {
    T.V = V;
    T.Serial = Types.size();
    Types.push_back(std::move(T));
    Entry->second = &Types.back();
  }
  return Entry->second;
}

const CType *TypeGraph::add(CType T) {
  if (T.isAggregate())
    judgeLayout(T);
  T.V = V;
  T.Serial = Types.size();
  Types.push_back(std::move(T));
  return &Types.back();
}

} // namespace upstare::patchgen
