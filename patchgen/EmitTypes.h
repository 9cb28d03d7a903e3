//===- EmitTypes.h - types as C text ----------------------------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// How is a type of the old or new program written in C, so that both versions
// can be named in one file and every byte is where the program has it?
//
// Structs get the prefix old_ or new_. What C's own layout rules would place
// elsewhere is packed with its padding written out. emitLayoutChecks() states
// all sizes and offsets again as assertions: a wrong rendering does not
// compile.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_PATCHGEN_EMITTYPES_H
#define UPSTARE_PATCHGEN_EMITTYPES_H

#include "CTypes.h"
#include "TypeMap.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/raw_ostream.h"

namespace upstare::patchgen {

/// Name as a C identifier that is no keyword and no predefined macro.
std::string cIdentifier(llvm::StringRef Name);
/// Text as a C string literal, quotes included.
std::string cString(llvm::StringRef Text);
/// Makes Name unique in Used by a number at the end, and enters it.
std::string uniqueName(const std::string &Name, llvm::StringSet<> &Used);

class TypeText {
public:
  explicit TypeText(TypeComparer &Types) : Types(Types) {}

  /// "old_session": the tag of a struct or union. Hint names anonymous ones.
  std::string tag(const CType *T, llvm::StringRef Hint = "");
  /// Plans the definition of T and of all that it holds by value.
  void need(const CType *T, llvm::StringRef Hint = "");
  /// "int (*name)[4]": a declaration, without semicolon.
  std::string declare(const CType *T, llvm::StringRef Name);
  /// "struct old_session *": as in a cast or as an argument of sizeof.
  std::string spell(const CType *T);

  /// All that was needed, inner ones first.
  void emitDefinitions(llvm::raw_ostream &OS);
  void emitLayoutChecks(llvm::raw_ostream &OS);

private:
  std::string base(const CType *T);
  void emitFields(llvm::raw_ostream &OS, const CType *T, unsigned Indent);
  void emitGap(llvm::raw_ostream &OS, unsigned Indent, uint64_t From,
               uint64_t To, bool ToBits);
  void emitField(llvm::raw_ostream &OS, const CType *T, const CField &F,
                 unsigned Indent);
  void checkFields(llvm::raw_ostream &OS, const CType *T,
                   const std::string &Spelling, uint64_t BaseBits);

  TypeComparer &Types;
  llvm::DenseMap<const CType *, std::string> Tags;
  llvm::StringSet<> UsedTags;
  llvm::DenseSet<const CType *> Planned;
  std::vector<const CType *> Order;
};

} // namespace upstare::patchgen

#endif // UPSTARE_PATCHGEN_EMITTYPES_H
