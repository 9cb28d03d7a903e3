//===- EmitConvert.h - old objects into new ones, as C ----------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which C statements make a new value of an old one, and which see to the
// pointers in a value that stays?
//
// A struct or union that needs more than a copy of its bytes gets a function of
// its own (upstare_type_<id>, overridable), which everything that contains one
// calls. Bodies are written when they are first asked for, inner ones first.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_PATCHGEN_EMITCONVERT_H
#define UPSTARE_PATCHGEN_EMITCONVERT_H

#include "EmitTypes.h"
#include "Problems.h"
#include "TypeMap.h"

namespace upstare::patchgen {

/// A function that the user may define instead.
struct Overridable {
  std::string Name, Prototype, Comment, Body;

  static std::string prototype(const std::string &Name, const std::string &From,
                               const std::string &To) {
    return "void " + Name + "(\n    " + From + ", " + To +
           ",\n    struct upstare_update *update)";
  }
};

class ConvertWriter {
public:
  /// Moves: some object moves, so that pointers have to be forwarded.
  ConvertWriter(TypeComparer &Types, TypeText &Text,
                const llvm::StringSet<> &Overrides, Problems &Out, bool Moves)
      : Types(Types), Text(Text), Overrides(Overrides), Out(Out), Moves(Moves) {
  }

  /// Old and new differ, or hold pointers that this update must see to.
  bool needsWork(const CType *Old, const CType *New);
  /// Same, for pointers alone.
  bool pointersNeedWork(const CType *Old, const CType *New);

  /// One value: lvalues From and To, What for messages ("variable s of main").
  struct Place {
    std::string From, To, What;
    unsigned Indent = 2, Depth = 0; // Depth: loops around it
    bool Unaligned = false;         // inside a packed struct
    bool IsPointer = false; // whatever the type says: the compiler's own
  };
  void assign(llvm::raw_ostream &OS, const CType *Old, const CType *New,
              const Place &At);
  void assignElements(llvm::raw_ostream &OS, const CType *Old, const CType *New,
                      uint64_t Count, const Place &At);
  /// Pointers in a value that stays; only From counts.
  void visit(llvm::raw_ostream &OS, const CType *Old, const CType *New,
             const Place &At);
  void visitElements(llvm::raw_ostream &OS, const CType *Old, const CType *New,
                     uint64_t Count, const Place &At);

  /// The id of upstare_type_<id>; Hint names anonymous types.
  std::string typeFunction(const CType *Old, const CType *New,
                           llvm::StringRef Hint = "");
  /// The name of a static function (void *object, update).
  std::string visitor(const CType *Old, const CType *New,
                      llvm::StringRef Hint = "");
  /// "const struct old_x *from", "const int (*from)[4]".
  std::string constPointer(const CType *T, llvm::StringRef Name);
  std::string pointer(const CType *T, llvm::StringRef Name);

  /// Tells the user of arrays that become shorter.
  void warn(const std::string &Text) { Out.warn(Text); }
  void warnOfDropped(const CType *Old, const CType *New,
                     const std::string &What);

  const std::vector<Overridable> &typeFunctions() const { return Functions; }
  const std::string &visitors() const { return Visitors; }
  const std::string &renumberings() const { return Renumberings; }

private:
  void structBody(llvm::raw_ostream &OS, const CType *Old, const CType *New,
                  const std::string &Function);
  void unionBody(llvm::raw_ostream &OS, const CType *Old, const CType *New,
                 const std::string &Function);
  void anonymousUnion(llvm::raw_ostream &OS, const TypeComparer::FieldPair &F);
  void assignPointer(llvm::raw_ostream &OS, const CType *Old, const CType *New,
                     const Place &At);
  void assignNested(llvm::raw_ostream &OS, const CType *Old, const CType *New,
                    const Place &At);
  void require(llvm::raw_ostream &OS, const CType *Old, const CType *New,
               const Place &At);
  std::string renumbering(const CType *Old, const CType *New);
  void helpNeeded(const CType *Old, const std::string &Function,
                  llvm::StringRef Field, const std::string &Reason,
                  unsigned Line);
  bool isPointer(const CType *Union);

  TypeComparer &Types;
  TypeText &Text;
  const llvm::StringSet<> &Overrides;
  Problems &Out;
  bool Moves;
  llvm::DenseMap<TypePair, std::string> TypeIds, VisitorIds, RenumberingIds;
  llvm::StringSet<> UsedTypeIds, UsedVisitors, UsedRenumberings;
  std::vector<Overridable> Functions;
  llvm::DenseSet<const CType *> WarnedUnions;
  std::string Visitors, Renumberings;
};

} // namespace upstare::patchgen

#endif // UPSTARE_PATCHGEN_EMITCONVERT_H
