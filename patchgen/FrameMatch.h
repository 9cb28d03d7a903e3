//===- FrameMatch.h - old locals for new locals -----------------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which member of the old frame gives its value to which member of the new one?
//
// Variables are matched by name. Where a name occurs more than once (scopes),
// the order is kept and equal types win. Temporaries need equal descriptions
// and equal types. A match whose types do not convert is no match.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_PATCHGEN_FRAMEMATCH_H
#define UPSTARE_PATCHGEN_FRAMEMATCH_H

#include "Shape.h"
#include "TypeMap.h"

namespace upstare::patchgen {

/// A member with its type, and its name in the frame struct as C.
struct FrameMember {
  const Member *M = nullptr;
  /// Of the value or the pinned object; a flexible array or Void if its size
  /// is known only at run time.
  const CType *Type = nullptr;
  std::string Field;

  bool pinned() const { return M->Kind == MemberKind::Pinned; }
  bool dynamic() const { return pinned() && M->Size == 0; }
};

/// What the new code may assume of a pinned object's address.
uint64_t alignOf(const FrameMember &Pinned);

struct FrameSide {
  const FunctionShape *Shape = nullptr;
  std::vector<FrameMember> Members;
};

FrameSide describeFrame(TypeGraph &Graph, const FunctionShape &Shape,
                        const llvm::DataLayout &DL);

/// Whether New's code may use the pinned object Old as it is, where it is.
bool staysInPlace(TypeComparer &Types, const FrameMember &Old,
                  const FrameMember &New);

/// What a new member has for a source.
struct MemberSource {
  int Old = -1;       // index among the old members
  std::string Reason; // why there is none
};

/// One per new member. Temporaries are known by description only: those that
/// cannot be told apart for certain have no source, unless both functions are
/// the SameCode.
std::vector<MemberSource> matchMembers(TypeComparer &Types,
                                       const FrameSide &Old,
                                       const FrameSide &New, bool SameCode);

/// The one old member that is kept at its point and may be New's source there,
/// though not everywhere: it alone is called so there, as is New (two variables
/// of separate scopes have become one). -1 if there is none or more than one.
int sourceAt(TypeComparer &Types, const FrameSide &Old, const Point &OldPoint,
             const FrameSide &New, const Point &NewPoint, size_t NewMember);

/// The first part of a by-value member that the new record holds at its point
/// and the old one does not ("field b", "element 2"); "" if there is none.
/// Parts that only the new type has do not count.
std::string missingPart(TypeComparer &Types, const FrameMember &Old,
                        const Point &OldPoint, const FrameMember &New,
                        const Point &NewPoint);

} // namespace upstare::patchgen

#endif // UPSTARE_PATCHGEN_FRAMEMATCH_H
