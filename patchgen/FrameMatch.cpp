//===- FrameMatch.cpp - old locals for new locals ---------------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// See FrameMatch.h. Members of one name are aligned as two sequences with the
// greatest sum of scores.
//
//===----------------------------------------------------------------------===//

#include "FrameMatch.h"
#include "EmitTypes.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/IR/DataLayout.h"
#include "llvm/IR/Instructions.h"

using namespace llvm;

namespace upstare::patchgen {

static const CType *memberType(TypeGraph &Graph, const Member &M,
                               const DataLayout &DL) {
  const CType *Declared =
      M.Variable ? Graph.get(M.Variable->getType()) : nullptr;
  if (Declared && M.Size && Declared->Size == M.Size)
    return Declared;
  if (!M.Size || !M.ValueType) // size known at run time only
    return Declared && Declared->Flexible ? Declared : Graph.get(nullptr);
  return Graph.get(M.ValueType, DL);
}

static bool isEndOfName(char C) { return !isAlnum(C) && C != '_'; }

FrameSide describeFrame(TypeGraph &Graph, const FunctionShape &Shape,
                        const DataLayout &DL) {
  FrameSide Side;
  Side.Shape = &Shape;
  StringSet<> Used;
  Used.insert("head");
  unsigned Temporaries = 0;
  for (const Member &M : Shape.Members) {
    FrameMember F;
    F.M = &M;
    F.Type = memberType(Graph, M, DL);
    std::string Name = M.Variable ? M.Variable->getName().str() : "";
    if (StringRef Of = M.Name; Of.consume_front(EnvironmentPrefix))
      Name = "jmp_buf_" + Of.ltrim('@').take_until(isEndOfName).str();
    else if (M.isTemporary() || Name.empty())
      Name = "tmp_" + std::to_string(Temporaries++);
    F.Field = uniqueName(cIdentifier(Name), Used);
    Side.Members.push_back(std::move(F));
  }
  return Side;
}

uint64_t alignOf(const FrameMember &Pinned) {
  const Value *Storage = Pinned.M->Storage;
  if (const auto *A = dyn_cast_or_null<AllocaInst>(Storage))
    return A->getAlign().value();
  const auto *Byval = dyn_cast_or_null<Argument>(Storage);
  return Byval ? Byval->getParamAlign().valueOrOne().value() : 1;
}

bool staysInPlace(TypeComparer &Types, const FrameMember &Old,
                  const FrameMember &New) {
  return Old.dynamic() ||
         (Types.same(Old.Type, New.Type) && alignOf(New) <= alignOf(Old));
}

static const char *const RuntimeElementsChange =
    "elements of an array whose size is known only at run time change";

/// "" if the old member's value can become the new one's.
static std::string obstacleBetween(TypeComparer &Types, const FrameMember &Old,
                                   const FrameMember &New) {
  if (Old.M->Array && New.M->Array) {
    const CType *From = Types.graph(Version::Old).get(Old.M->Array->getType());
    const CType *To = Types.graph(Version::New).get(New.M->Array->getType());
    if (!From->Element || !To->Element ||
        !Types.same(From->Element, To->Element))
      return RuntimeElementsChange;
  }
  if (Old.M->isTemporary() != New.M->isTemporary())
    return "one of the two is a temporary";
  if (New.M->isTemporary() &&
      (!Types.same(Old.Type, New.Type) || Old.M->Kind != New.M->Kind))
    return "the temporary changes from " + Old.Type->str() + " to " +
           New.Type->str();
  if (Old.dynamic() != New.dynamic())
    return "its size is known only at run time in one of the versions";
  if (Old.dynamic()) {
    if (Old.Type->K != New.Type->K ||
        (Old.Type->Flexible &&
         !Types.same(Old.Type->Element, New.Type->Element)))
      return RuntimeElementsChange;
    return "";
  }
  return Types.obstacle(Old.Type, New.Type);
}

namespace {
/// The members of one name in both frames.
struct NameGroup {
  std::vector<int> Old, New;
};
} // namespace

static unsigned score(TypeComparer &Types, const FrameMember &Old,
                      const FrameMember &New) {
  if (!obstacleBetween(Types, Old, New).empty())
    return 0;
  return Types.same(Old.Type, New.Type) ? 3 : 2;
}

static void alignGroup(TypeComparer &Types, const FrameSide &Old,
                       const FrameSide &New, const NameGroup &Group,
                       std::vector<MemberSource> &Result) {
  size_t N = Group.Old.size(), M = Group.New.size();
  auto Score = [&](size_t I, size_t J) {
    return score(Types, Old.Members[Group.Old[I]], New.Members[Group.New[J]]);
  };
  // Best[I][J]: of the sequences from I and J on.
  std::vector<std::vector<unsigned>> Best(N + 1,
                                          std::vector<unsigned>(M + 1, 0));
  for (size_t I = N; I-- > 0;)
    for (size_t J = M; J-- > 0;)
      Best[I][J] = std::max(
          {Score(I, J) + Best[I + 1][J + 1], Best[I + 1][J], Best[I][J + 1]});
  for (size_t I = 0, J = 0; I < N && J < M;) {
    unsigned S = Score(I, J);
    if (S && Best[I][J] == S + Best[I + 1][J + 1]) {
      Result[Group.New[J]].Old = Group.Old[I];
      Result[Group.New[J]].Reason.clear();
      ++I, ++J;
    } else if (Best[I][J] == Best[I + 1][J]) {
      ++I;
    } else {
      ++J;
    }
  }
  // Say why, where there is just one candidate.
  for (int J : Group.New)
    if (Result[J].Old < 0 && N == 1)
      Result[J].Reason =
          obstacleBetween(Types, Old.Members[Group.Old[0]], New.Members[J]);
}

/// The name, or what all temporaries of one description share.
static StringRef groupName(const Member &M) {
  return M.isTemporary() ? StringRef(M.Name).split('#').first
                         : StringRef(M.Name);
}

/// Why temporaries of one description cannot be paired, "" if they can.
static std::string doubtAbout(StringRef Name, const NameGroup &Group) {
  if (Group.Old.empty())
    return "";
  if (Name.contains('?'))
    return "the function has changed, and what the value is can only be told "
           "in part";
  if (Group.Old.size() != Group.New.size())
    return "the old version has " + std::to_string(Group.Old.size()) +
           " values of this description, the new one " +
           std::to_string(Group.New.size());
  return "";
}

std::vector<MemberSource> matchMembers(TypeComparer &Types,
                                       const FrameSide &Old,
                                       const FrameSide &New, bool SameCode) {
  MapVector<StringRef, NameGroup> Groups;
  for (size_t J = 0; J < New.Members.size(); ++J)
    Groups[groupName(*New.Members[J].M)].New.push_back(J);
  for (size_t I = 0; I < Old.Members.size(); ++I) {
    auto Found = Groups.find(groupName(*Old.Members[I].M));
    if (Found != Groups.end())
      Found->second.Old.push_back(I);
  }
  std::vector<MemberSource> Result(New.Members.size());
  for (const auto &[Name, Group] : Groups) {
    bool Temporary = New.Members[Group.New[0]].M->isTemporary();
    std::string Doubt =
        Temporary && !SameCode ? doubtAbout(Name, Group) : std::string();
    if (Doubt.empty())
      alignGroup(Types, Old, New, Group, Result);
    else
      for (int J : Group.New)
        Result[J].Reason = Doubt;
  }
  return Result;
}

//===----------------------------------------------------------------------===//
// Parts of members
//===----------------------------------------------------------------------===//

namespace {
using Ranges = std::vector<std::pair<uint64_t, uint64_t>>;

/// Walks two types side by side, through what the records hold of them.
class PartWalk {
public:
  PartWalk(TypeComparer &Types, const Ranges &Old, const Ranges &New)
      : Types(Types), OldHeld(Old), NewHeld(New) {}

  std::string walk(const CType *Old, uint64_t OldBits, const CType *New,
                   uint64_t NewBits, const std::string &Name) {
    if (Old->K == CType::Array && New->K == CType::Array)
      return walkArray(Old, OldBits, New, NewBits, Name);
    if (Old->K == CType::Struct && New->K == CType::Struct)
      return walkStruct(Old, OldBits, New, NewBits);
    return missing(OldBits, valueBits(Old), NewBits, valueBits(New)) ? Name
                                                                     : "";
  }

private:
  /// Without what a long double has for padding.
  static uint64_t valueBits(const CType *T) {
    return T->K == CType::Float && T->Size == 16 ? 80 : T->Size * 8;
  }

  bool missing(uint64_t OldBits, uint64_t OldSize, uint64_t NewBits,
               uint64_t NewSize) const {
    uint64_t NewEnd = divideCeil(NewBits + NewSize, 8);
    bool Wanted = any_of(NewHeld, [&](const auto &R) {
      return R.first < NewEnd && R.first + R.second > NewBits / 8;
    });
    if (!Wanted)
      return false;
    for (uint64_t B = OldBits / 8; B < divideCeil(OldBits + OldSize, 8); ++B)
      if (none_of(OldHeld, [&](const auto &R) {
            return R.first <= B && B < R.first + R.second;
          }))
        return true;
    return false;
  }

  std::string walkArray(const CType *Old, uint64_t OldBits, const CType *New,
                        uint64_t NewBits, const std::string &Name) {
    for (uint64_t I = 0; I < std::min(Old->Count, New->Count); ++I) {
      std::string Found = walk(
          Old->Element, OldBits + I * Old->Element->Size * 8, New->Element,
          NewBits + I * New->Element->Size * 8, "element " + std::to_string(I));
      if (!Found.empty())
        return Name.empty() ? Found : (Twine(Found) + " of " + Name).str();
    }
    return "";
  }

  std::string walkStruct(const CType *Old, uint64_t OldBits, const CType *New,
                         uint64_t NewBits) {
    for (const TypeComparer::FieldPair &F : Types.pairFields(Old, New)) {
      if (!F.Old || !F.New)
        continue;
      std::string Name = "field " + F.New->Name, Found;
      uint64_t OldAt = OldBits + F.OldBits, NewAt = NewBits + F.NewBits;
      if (!F.Old->BitField && !F.New->BitField)
        Found = walk(F.Old->Type, OldAt, F.New->Type, NewAt, Name);
      else if (missing(OldAt, F.Old->SizeBits, NewAt, F.New->SizeBits))
        Found = Name;
      if (!Found.empty())
        return Found;
    }
    return "";
  }

  TypeComparer &Types;
  const Ranges &OldHeld, &NewHeld;
};
} // namespace

std::string missingPart(TypeComparer &Types, const FrameMember &Old,
                        const Point &OldPoint, const FrameMember &New,
                        const Point &NewPoint) {
  if (Old.pinned() || New.pinned())
    return "";
  return PartWalk(Types, OldPoint.Held, NewPoint.Held)
      .walk(Old.Type, Old.M->Offset * 8, New.Type, New.M->Offset * 8, "");
}

/// What may stand for each other at a point if there is just one of them on
/// each side: what is called alike, or the places where setjmp was called.
static StringRef kindAt(const Member &M) {
  for (StringRef Prefix : {EnvironmentPrefix, StampPrefix})
    if (StringRef(M.Name).starts_with(Prefix))
      return Prefix;
  return groupName(M);
}

int sourceAt(TypeComparer &Types, const FrameSide &Old, const Point &OldPoint,
             const FrameSide &New, const Point &NewPoint, size_t NewMember) {
  const FrameMember &N = New.Members[NewMember];
  StringRef Name = kindAt(*N.M);
  if (N.pinned() || (N.M->isTemporary() && Name.contains('?')))
    return -1;
  auto Kept = [&](const FrameSide &Side, const Point &P) {
    std::vector<int> Members;
    for (unsigned I : P.Live.set_bits())
      if (kindAt(*Side.Members[I].M) == Name)
        Members.push_back(I);
    return Members;
  };
  auto Olds = Kept(Old, OldPoint);
  if (Olds.size() != 1 || Kept(New, NewPoint).size() != 1)
    return -1;
  const FrameMember &O = Old.Members[Olds[0]];
  bool Fits = !O.pinned() && obstacleBetween(Types, O, N).empty() &&
              missingPart(Types, O, OldPoint, N, NewPoint).empty();
  return Fits ? Olds[0] : -1;
}

} // namespace upstare::patchgen
