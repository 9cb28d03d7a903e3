//===- EmitOffsets.h - places in old objects to places in new ones --*- C++
//-*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Where in the new object is what lay at an offset of the old one?
//
// Several objects may begin at one place: a struct, its first field, the first
// element of that. The size of what a pointer points to tells which is meant:
// the outermost object of that size, else the outermost of all.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_PATCHGEN_EMITOFFSETS_H
#define UPSTARE_PATCHGEN_EMITOFFSETS_H

#include "EmitTypes.h"
#include "TypeMap.h"

namespace upstare::patchgen {

class OffsetWriter {
public:
  explicit OffsetWriter(TypeComparer &Types) : Types(Types) {}

  /// The name of a static function (uint64_t offset, uint64_t size).
  std::string function(const CType *Old, const CType *New,
                       llvm::StringRef Hint);
  const std::string &functions() const { return Functions; }

private:
  bool linear(const CType *Old, const CType *New);
  std::string inner(const CType *Old, const CType *New,
                    const std::string &Offset, llvm::StringRef Hint);
  void structBody(llvm::raw_ostream &OS, const CType *Old, const CType *New,
                  llvm::StringRef Hint);
  void arrayEnds(llvm::raw_ostream &OS, const CType *Old, const CType *New);
  void arrayBody(llvm::raw_ostream &OS, const CType *Old, const CType *New,
                 llvm::StringRef Hint);

  TypeComparer &Types;
  llvm::DenseMap<TypePair, std::string> Names;
  llvm::StringSet<> Used;
  std::string Functions;
};

} // namespace upstare::patchgen

#endif // UPSTARE_PATCHGEN_EMITOFFSETS_H
