//===- CTypes.h - types of one program, apart from LLVM ---------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What is the layout of a type? Debug information answers once per module and
// with many spellings; a TypeGraph holds each distinct layout of one program
// once: typedefs and cv removed, sizes and offsets resolved, fields named.
//
// A type is a value of its own: two files' identical definitions are one CType,
// and differing definitions under one name are two. Pointees are resolved on
// demand, so the graph by value has no cycles.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_PATCHGEN_CTYPES_H
#define UPSTARE_PATCHGEN_CTYPES_H

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include <deque>
#include <string>
#include <vector>

namespace llvm {
class DataLayout;
class Module;
class Type;
} // namespace llvm

namespace upstare::patchgen {

enum class Version { Old, New };

class CType;
class TypeGraph;

/// A member of a struct or union.
struct CField {
  std::string Name; // "" for an anonymous struct or union
  const CType *Type = nullptr;
  uint64_t OffsetBits = 0;
  uint64_t SizeBits = 0;
  uint64_t ExplicitAlign = 0; // bytes; 0: none written
  bool BitField = false;
  unsigned Line = 0;
  std::string Comment; // for people

  uint64_t offset() const { return OffsetBits / 8; }
};

struct CEnumerator {
  std::string Name;
  int64_t Value;
};

class CType {
public:
  enum Kind {
    Void,
    Bool,
    Integer, // char and enumerations too
    Float,
    Complex,
    DataPointer,
    CodePointer,
    Array,
    Vector,
    Struct,
    Union,
    Opaque, // declared, nowhere defined
    Bytes,  // none of these: known by name and size alone
  };

  Kind K = Bytes;
  Version V = Version::Old;
  bool Signed = false;
  bool Packed = false; // some field lies where its own alignment forbids
  /// Tag, typedef name of an anonymous struct, or name of a base type.
  std::string Name;
  uint64_t Size = 0;  // bytes; a flexible array has 0
  uint64_t Align = 1; // bytes, as the type is rendered
  /// Alignment written in the source, 0: none.
  uint64_t ExplicitAlign = 0;
  /// Of arrays, vectors and complex; of a pointer to a pinned object.
  const CType *Element = nullptr;
  uint64_t Count = 0;    // of elements
  bool Flexible = false; // array without a count
  std::vector<CField> Fields;
  std::vector<CEnumerator> Enumerators;
  std::string Spelling; // if not empty: how it is written in C
  std::string File;
  unsigned Line = 0;
  unsigned Serial = 0; // order of creation, for deterministic output

  bool isAggregate() const { return K == Struct || K == Union; }
  bool isArithmetic() const {
    return K == Bool || K == Integer || K == Float || K == Complex;
  }
  bool isPointer() const { return K == DataPointer || K == CodePointer; }
  bool isScalar() const { return isArithmetic() || isPointer(); }
  /// Void and undefined types say nothing of what is there.
  bool saysNothing() const { return K == Void || K == Opaque; }
  bool isEnum() const { return !Enumerators.empty(); }
  /// The last field's array that has no count, if any.
  const CField *flexibleTail() const;
  const CField *field(llvm::StringRef FieldName) const;
  /// "struct session", "char[16]", "struct node *": for people.
  std::string str() const;

private:
  friend class TypeGraph;
  /// Of a data pointer, as debug information has it; null: void.
  const llvm::DIType *Pointee = nullptr;
};

class TypeGraph {
public:
  explicit TypeGraph(Version V) : V(V) {}
  TypeGraph(const TypeGraph &) = delete;

  Version version() const { return V; }
  /// Learns the definitions in M, so that declarations elsewhere find them.
  void addModule(const llvm::Module &M);

  /// Structs and unions by tag.
  const llvm::StringMap<const llvm::DICompositeType *> &definitions() const {
    return Definitions;
  }
  /// Structs and unions without a tag, by the typedef that names them.
  const llvm::StringMap<const llvm::DICompositeType *> &untagged() const {
    return Untagged;
  }
  /// The type that T denotes; null T is void.
  const CType *get(const llvm::DIType *T);
  /// For values that no variable of the source describes.
  const CType *get(llvm::Type *T, const llvm::DataLayout &DL);
  /// What a data pointer points to; Void if unknown or void.
  const CType *pointee(const CType *Pointer);
  /// Adds a type that was put together by hand (frames).
  const CType *add(CType T);

private:
  const CType *build(const llvm::DIType *T, llvm::StringRef TypedefName);
  CType fromBasic(const llvm::DIBasicType *T);
  CType fromDerived(const llvm::DIDerivedType *T);
  CType fromComposite(const llvm::DICompositeType *T, llvm::StringRef Name);
  CType fromAggregate(const llvm::DICompositeType *T, llvm::StringRef Name);
  CType fromArray(const llvm::DICompositeType *T);
  CType fromStructType(llvm::Type *T, const llvm::DataLayout &DL);
  const CType *intern(CType T);
  const llvm::DICompositeType *definition(const llvm::DICompositeType *T) const;

  Version V;
  std::deque<CType> Types;
  llvm::DenseMap<const llvm::DIType *, const CType *> Known;
  llvm::StringMap<const CType *> BySignature;
  /// Definitions by tag.
  llvm::StringMap<const llvm::DICompositeType *> Definitions, Untagged;
};

} // namespace upstare::patchgen

#endif // UPSTARE_PATCHGEN_CTYPES_H
