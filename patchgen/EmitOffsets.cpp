//===- EmitOffsets.cpp - places in old objects to new ones ------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// See EmitOffsets.h. One function per pair of types that is not simply copied;
// "offset - 8 < 4" is 8 <= offset < 12 in unsigned arithmetic.
//
//===----------------------------------------------------------------------===//

#include "EmitOffsets.h"
#include "upstare/abi.h"
#include <set>

using namespace llvm;

namespace upstare::patchgen {

/// How a pointer to T asks for it.
static uint64_t asTarget(const CType *T) {
  return T->isScalar() ? UPSTARE_SCALAR(T->Size) : T->Size;
}

static void addTargets(const CType *T, std::set<uint64_t> &Targets);

/// The objects inside T that begin where T begins, as pointers ask for them: by
/// size, and scalars also as such.
static void targetsAtStart(const CType *T, std::set<uint64_t> &Targets) {
  if (T->K == CType::Array && T->Size)
    addTargets(T->Element, Targets);
  for (const CField &F : T->Fields)
    if (F.OffsetBits == 0 && !F.BitField)
      addTargets(F.Type, Targets);
}

static void addTargets(const CType *T, std::set<uint64_t> &Targets) {
  Targets.insert(T->Size);
  if (T->isScalar())
    Targets.insert(UPSTARE_SCALAR(T->Size));
  targetsAtStart(T, Targets);
}

/// What a pointer one past the end of T may point to: elements of an array.
static void targetsAtEnd(const CType *T, std::set<uint64_t> &Targets) {
  if (T->K == CType::Array && T->Size) {
    const CType *Element = T->Element;
    Targets.insert(asTarget(Element));
    targetsAtEnd(Element, Targets);
  }
  for (const CField &F : T->Fields)
    if (F.offset() + F.Type->Size == T->Size && !F.BitField)
      targetsAtEnd(F.Type, Targets);
}

static std::string targetText(uint64_t Target) {
  if (Target != UPSTARE_SCALAR(Target))
    return std::to_string(Target);
  return "UPSTARE_SCALAR(" + std::to_string(Target ^ UPSTARE_SCALAR(0)) + ")";
}

static std::string isOneOf(const std::set<uint64_t> &Targets) {
  std::string Text;
  for (uint64_t Target : Targets)
    Text += (Text.empty() ? "" : " || ") + ("size == " + targetText(Target));
  return Text.empty() ? "0" : Text;
}

/// The answer to UPSTARE_ENDS.
static void ends(raw_ostream &OS, const CType *T) {
  std::set<uint64_t> AtStart, AtEnd;
  addTargets(T, AtStart);
  targetsAtEnd(T, AtEnd);
  OS << "  if (size & UPSTARE_ENDS) {\n    size &= ~UPSTARE_ENDS;\n"
     << "    return (" << isOneOf(AtStart) << ") | (" << isOneOf(AtEnd)
     << ") << 1;\n  }\n";
}

/// Every byte keeps its distance from the start.
bool OffsetWriter::linear(const CType *Old, const CType *New) {
  if (Types.same(Old, New))
    return true;
  return Old->Size == New->Size && Old->isScalar() && New->isScalar();
}

std::string OffsetWriter::inner(const CType *Old, const CType *New,
                                const std::string &Offset, StringRef Hint) {
  if (linear(Old, New))
    return Offset;
  return function(Old, New, Hint) + "(" + Offset + ", size)";
}

/// A pointer to the end of an array inside a struct lies where the next field
/// begins. It goes with the array unless the next field has such an object.
void OffsetWriter::arrayEnds(raw_ostream &OS, const CType *Old,
                             const CType *New) {
  auto Pairs = Types.pairFields(Old, New);
  for (const TypeComparer::FieldPair &F : Pairs) {
    if (!F.Old || !F.New || F.Old->Type->K != CType::Array ||
        F.New->Type->K != CType::Array || !F.Old->Type->Size)
      continue;
    const CType *OldElement = F.Old->Type->Element;
    const CType *NewElement = F.New->Type->Element;
    uint64_t End = F.OldBits / 8 + F.Old->Type->Size;
    std::set<uint64_t> There;
    for (const TypeComparer::FieldPair &Next : Pairs)
      if (Next.Old && Next.OldBits == End * 8) {
        addTargets(Next.Old->Type, There);
      }
    uint64_t Wanted = asTarget(OldElement);
    if (There.count(Wanted))
      continue;
    OS << "  if (offset == " << End << " && size == " << targetText(Wanted)
       << ") /* end of " << F.Old->Name << " */\n    return "
       << F.NewBits / 8 + std::min(F.Old->Type->Count, F.New->Type->Count) *
                              NewElement->Size
       << ";\n";
  }
}

void OffsetWriter::structBody(raw_ostream &OS, const CType *Old,
                              const CType *New, StringRef Hint) {
  std::set<uint64_t> AtStart;
  targetsAtStart(Old, AtStart);
  AtStart.erase(Old->Size);
  OS << "  if (offset == 0";
  for (uint64_t Target : AtStart)
    OS << " && size != " << targetText(Target);
  OS << ")\n    return 0;\n";
  if (Old->K == CType::Union) {
    // Members of a union that can be mapped at all stay where they are.
    if (Types.unionObstacle(Old, New).empty())
      OS << "  if (offset < " << std::min(Old->Size, New->Size)
         << ")\n    return offset;\n";
    return;
  }
  arrayEnds(OS, Old, New);
  for (const TypeComparer::FieldPair &F : Types.pairFields(Old, New)) {
    if (!F.Old || !F.New || F.Old->BitField || F.New->BitField)
      continue;
    const CType *A = F.Old->Type, *B = F.New->Type;
    uint64_t From = F.OldBits / 8, To = F.NewBits / 8;
    std::string Rest = "offset - " + std::to_string(From);
    std::string Name = F.Old->Name.empty() ? "anonymous" : F.Old->Name;
    bool Tail = A->Flexible && B->Flexible && Old->flexibleTail() == F.Old;
    if (!A->Size && !Tail)
      continue;
    if (Tail)
      OS << "  if (offset >= " << From;
    else
      OS << "  if (" << Rest << " < " << A->Size;
    OS << ") /* " << Name << " */\n    return ";
    OS << "upstare_offset_in(" << To << ", "
       << inner(A, B, Rest, (Hint + "_" + Name).str()) << ");\n";
  }
}

void OffsetWriter::arrayBody(raw_ostream &OS, const CType *Old,
                             const CType *New, StringRef Hint) {
  const CType *A = Old->Element, *B = New->Element;
  uint64_t Count = std::min(Old->Count, New->Count);
  if (!A->Size)
    return;
  if (!Old->Flexible)
    OS << "  if (offset >= " << Count * A->Size
       << ")\n    return offset == " << Old->Size << " ? " << Count * B->Size
       << " : UINT64_MAX;\n";
  OS << "  uint64_t element = offset / " << A->Size << " * " << B->Size
     << ";\n  return upstare_offset_in(element, "
     << inner(A, B, "offset % " + std::to_string(A->Size), Hint) << ");\n";
}

std::string OffsetWriter::function(const CType *Old, const CType *New,
                                   StringRef Hint) {
  auto Found = Names.find({Old, New});
  if (Found != Names.end())
    return Found->second;
  std::string Name = uniqueName(
      cIdentifier(("offset_" + (Old->Name.empty() || !Old->isAggregate()
                                    ? Hint
                                    : StringRef(Old->Name)))
                      .str()),
      Used);
  Names[{Old, New}] = Name;
  std::string Body;
  raw_string_ostream OS(Body);
  ends(OS, Old);
  if (!Old->Flexible && Old->K != CType::Array)
    OS << "  if (offset == " << Old->Size << ")\n    return " << New->Size
       << ";\n";
  bool Returned = false;
  if (linear(Old, New)) {
    OS << "  return offset;\n";
    Returned = true;
  } else if (Old->K == CType::Array && New->K == CType::Array) {
    arrayBody(OS, Old, New, Hint);
    Returned = Old->Element->Size != 0;
  } else if (Old->isAggregate() && New->K == Old->K) {
    structBody(OS, Old, New, Hint);
  } else {
    // A number of another size: only its start has a meaning.
    OS << "  if (offset == 0)\n    return 0;\n";
  }
  if (!Returned)
    OS << "  return UINT64_MAX;\n";
  OS.flush();
  Functions += "static uint64_t " + Name +
               "(uint64_t offset, uint64_t size) {\n  (void)size;\n" + Body +
               "}\n\n";
  return Name;
}

} // namespace upstare::patchgen
