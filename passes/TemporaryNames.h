//===- TemporaryNames.h - what a temporary holds, in words -------*- C++
//-*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A value that is in no variable of the source is known by how it is made:
// "load(s->b)", "call.get(10)". patchgen takes equal descriptions in two
// versions for the same value, so a description must not depend on what a new
// version shifts: fields go by name, calls by their arguments, strings by their
// text. What cannot be told is a '?'; such a description counts only if the
// whole function is unchanged.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_PASSES_TEMPORARYNAMES_H
#define UPSTARE_PASSES_TEMPORARYNAMES_H

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/Module.h"
#include <string>

namespace llvm {
class CallBase;
class GEPOperator;
class PHINode;
class StructType;
class Value;
} // namespace llvm

namespace upstare {

/// Names of struct fields, from debug information. One for a module; reads it
/// when first asked.
class FieldNames {
public:
  explicit FieldNames(const llvm::Module &M) : M(M) {}
  const llvm::DataLayout &layout() const { return M.getDataLayout(); }
  /// The field of Ty that begins at Offset, "" if that is not known for
  /// certain.
  std::string nameOf(const llvm::StructType &Ty, uint64_t Offset);

private:
  void read();

  const llvm::Module &M;
  bool HasRead = false;
  llvm::StringMap<llvm::SmallVector<const llvm::DICompositeType *, 1>> Types;
};

class TemporaryDescriber {
public:
  using VariableMap =
      llvm::DenseMap<const llvm::Value *, const llvm::DILocalVariable *>;

  TemporaryDescriber(VariableMap Variables, FieldNames &Fields)
      : Variables(std::move(Variables)), Fields(Fields) {}

  std::string describe(const llvm::Value &V) const;

private:
  std::string text(const llvm::Value &V, unsigned Depth) const;
  std::string place(const llvm::GEPOperator &Gep, unsigned Depth) const;
  std::string phi(const llvm::PHINode &Phi, unsigned Depth) const;
  std::string call(const llvm::CallBase &Call, unsigned Depth) const;
  template <typename Range>
  std::string list(Range &&Operands, unsigned Depth) const;

  VariableMap Variables;
  FieldNames &Fields;
};

} // namespace upstare

#endif // UPSTARE_PASSES_TEMPORARYNAMES_H
