//===- EmitConvert.cpp - old objects into new ones, as C --------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// See EmitConvert.h. Functions of structs that stay alike start with memcpy and
// then forward pointers; those of changed ones go field by field, so that one
// can read what happens to each.
//
//===----------------------------------------------------------------------===//

#include "EmitConvert.h"
#include "EmitWords.h"
#include "llvm/Support/Path.h"
#include <set>

using namespace llvm;

namespace upstare::patchgen {

bool ConvertWriter::pointersNeedWork(const CType *Old, const CType *New) {
  return (Moves && Types.containsPointers(Old)) ||
         Types.leadsToChange(Old, New);
}

bool ConvertWriter::needsWork(const CType *Old, const CType *New) {
  return !Types.same(Old, New) || pointersNeedWork(Old, New);
}

static std::string where(const CType *T, unsigned Line = 0) {
  std::string Result = T->str();
  if (!T->File.empty())
    Result += (" (" + sys::path::filename(T->File) + ":" +
               Twine(Line ? Line : T->Line) + ")")
                  .str();
  return Result;
}

/// What a pointer of this type points to, as upstare_forward_typed() wants it;
/// "" if that is unknown.
static std::string targetOf(TypeComparer &Types, const CType *Pointer,
                            const CType *NewPointer) {
  const CType *T = Types.graph(Version::Old).pointee(Pointer);
  if (!T->Size)
    return "";
  std::string Size = std::to_string(T->Size);
  if (T->isScalar())
    Size = "UPSTARE_SCALAR(" + Size + ")";
  if (Types.target(Pointer, NewPointer) == Target::Changes)
    Size += " | UPSTARE_CHANGES";
  return Size;
}

void ConvertWriter::warnOfDropped(const CType *Old, const CType *New,
                                  const std::string &What) {
  if (Old->K != CType::Array || New->K != CType::Array)
    return;
  if (New->Count < Old->Count && !New->Flexible)
    Out.warn(What + ": " + Old->str() + " becomes " + New->str() +
             ", elements that do not fit are dropped");
  else
    warnOfDropped(Old->Element, New->Element, What);
}

//===----------------------------------------------------------------------===//
// Values
//===----------------------------------------------------------------------===//

void ConvertWriter::require(raw_ostream &OS, const CType *Old, const CType *New,
                            const Place &At) {
  Target T = Types.target(Old, New);
  if (T == Target::Stays)
    return;
  std::string Type = Types.graph(Version::Old).pointee(Old)->str();
  OS.indent(At.Indent) << (T == Target::Changes ? "upstare_require_moved"
                                                : "upstare_require_visited")
                       << "(update, " << At.From << ", " << cString(Type)
                       << ",\n";
  OS.indent(At.Indent + 4) << cString(At.What) << ");\n";
}

void ConvertWriter::assignPointer(raw_ostream &OS, const CType *Old,
                                  const CType *New, const Place &At) {
  std::string Value = At.From;
  bool Untyped =
      isUntypedPointer(Types, Old) &&
      (isUntypedPointer(Types, New) || New->K == CType::CodePointer) &&
      !At.IsPointer;
  bool FromPointer = Old->K == CType::DataPointer;
  if (Untyped || (!FromPointer && New->K == CType::DataPointer)) {
    Value = "(void *)" + At.From; // untyped: EmitWords.h
  } else if (FromPointer) {
    std::string Object = targetOf(Types, Old, New);
    if (Moves && !Object.empty())
      Value = "upstare_forward_typed(update, " + At.From + ", " + Object + ")";
    else if (Moves)
      Value = "upstare_forward(update, " + At.From + ")";
    else
      Value = "(void *)" + At.From;
  }
  if (New->K == CType::CodePointer && FromPointer)
    Value = "(void (*)(void))" + Value;
  OS.indent(At.Indent) << At.To << " = " << Value << ";\n";
  require(OS, Old, New, At);
}

static std::string indexName(unsigned Depth) {
  return Depth < 4 ? std::string(1, "ijkl"[Depth])
                   : "i" + std::to_string(Depth);
}

void ConvertWriter::assignElements(raw_ostream &OS, const CType *Old,
                                   const CType *New, uint64_t Count,
                                   const Place &At) {
  if (!Count)
    return;
  if (!needsWork(Old, New)) {
    OS.indent(At.Indent) << "memcpy(" << At.To << ", " << At.From << ", "
                         << Count << " * sizeof(" << At.To << "[0]));\n";
    return;
  }
  std::string I = indexName(At.Depth);
  OS.indent(At.Indent) << "for (unsigned long " << I << " = 0; " << I << " < "
                       << Count << "; ++" << I << ") {\n";
  Place Element = At;
  Element.From += "[" + I + "]";
  Element.To += "[" + I + "]";
  Element.Indent += 2;
  Element.Depth += 1;
  assign(OS, Old, New, Element);
  OS.indent(At.Indent) << "}\n";
}

/// Through a function of its own; via aligned copies from packed structs.
void ConvertWriter::assignNested(raw_ostream &OS, const CType *Old,
                                 const CType *New, const Place &At) {
  std::string Function = "upstare_type_" + typeFunction(Old, New);
  if (!At.Unaligned || (Old->Align == 1 && New->Align == 1)) {
    OS.indent(At.Indent) << Function << "(&" << At.From << ", &" << At.To
                         << ", update);\n";
    return;
  }
  OS.indent(At.Indent) << "{\n";
  auto Line = [&]() -> raw_ostream & { return OS.indent(At.Indent + 2); };
  Line() << Text.declare(Old, "old_part") << ";\n";
  Line() << Text.declare(New, "new_part") << ";\n";
  Line() << "memcpy(&old_part, &" << At.From << ", sizeof(old_part));\n";
  Line() << "memcpy(&new_part, &" << At.To << ", sizeof(new_part));\n";
  Line() << Function << "(&old_part, &new_part, update);\n";
  Line() << "memcpy(&" << At.To << ", &new_part, sizeof(new_part));\n";
  OS.indent(At.Indent) << "}\n";
}

void ConvertWriter::assign(raw_ostream &OS, const CType *Old, const CType *New,
                           const Place &At) {
  if (Old->isPointer() && New->isPointer())
    return assignPointer(OS, Old, New, At);
  if (Old->isArithmetic() && New->isArithmetic()) {
    std::string Renumber = renumbering(Old, New);
    OS.indent(At.Indent) << At.To << " = "
                         << (Renumber.empty() ? At.From
                                              : Renumber + "(" + At.From + ")")
                         << ";\n";
    return;
  }
  if (Old->K == CType::Array && New->K == CType::Array && Old->Size &&
      New->Size && needsWork(Old, New))
    return assignElements(OS, Old->Element, New->Element,
                          std::min(Old->Count, New->Count), At);
  if (Old->isAggregate() && New->K == Old->K && needsWork(Old, New))
    return assignNested(OS, Old, New, At);
  if (Types.same(Old, New) && Old->Size)
    OS.indent(At.Indent) << "memcpy(&" << At.To << ", &" << At.From
                         << ", sizeof(" << At.To << "));\n";
}

//===----------------------------------------------------------------------===//
// Enumerations
//===----------------------------------------------------------------------===//

std::string ConvertWriter::renumbering(const CType *Old, const CType *New) {
  if (!Old->isEnum() || !New->isEnum())
    return "";
  auto Found = RenumberingIds.find({Old, New});
  if (Found != RenumberingIds.end())
    return Found->second;
  StringMap<int64_t> NewValues;
  for (const CEnumerator &E : New->Enumerators)
    NewValues.try_emplace(E.Name, E.Value);
  std::set<int64_t> Seen;
  std::string Cases;
  raw_string_ostream OS(Cases);
  for (const CEnumerator &E : Old->Enumerators) {
    auto Value = NewValues.find(E.Name);
    if (Value == NewValues.end() || !Seen.insert(E.Value).second ||
        Value->second == E.Value)
      continue;
    OS << "  case " << E.Value << ": /* " << E.Name << " */\n    return "
       << Value->second << ";\n";
  }
  OS.flush();
  if (Cases.empty())
    return RenumberingIds[{Old, New}] = "";
  std::string Name = uniqueName(
      cIdentifier("renumber_" + (Old->Name.empty() ? "enum" : Old->Name)),
      UsedRenumberings);
  Renumberings += "/* " + where(Old) + ": enumerators go on by name. */\n" +
                  "static inline long long " + Name +
                  "(long long value) {\n  switch (value) {\n" + Cases +
                  "  default:\n    return value;\n  }\n}\n\n";
  return RenumberingIds[{Old, New}] = Name;
}

//===----------------------------------------------------------------------===//
// Structs and unions
//===----------------------------------------------------------------------===//

void ConvertWriter::helpNeeded(const CType *Old, const std::string &Function,
                               StringRef Field, const std::string &Reason,
                               unsigned Line) {
  if (Overrides.contains(Function))
    return;
  Out.missing(where(Old, Line),
              (Field.empty() ? "" : "field " + Field + ": ").str() + Reason,
              "define " + Function + " in the override file");
}

/// Whether a union is a pointer, whichever member is in use. What is to be
/// forwarded of others only the user knows (EmitWords.h), and is told so.
bool ConvertWriter::isPointer(const CType *Union) {
  if (!Moves || !Types.containsPointers(Union))
    return false;
  if (holdsTypedPointers(Types, Union))
    return true;
  if (WarnedUnions.insert(Union).second)
    Out.warn(where(Union) +
             ": nothing tells which member is in use; an update that finds a "
             "word in one that leads into an object that moves does what "
             "upstare_words says, else is refused");
  return false;
}

static std::string bytesAt(StringRef Cast, StringRef Object, uint64_t Offset) {
  return ("(" + Cast + " *)" + Object + " + " + Twine(Offset)).str();
}

void ConvertWriter::unionBody(raw_ostream &OS, const CType *Old,
                              const CType *New, const std::string &Function) {
  std::string Reason = Types.unionObstacle(Old, New);
  if (!Reason.empty()) {
    helpNeeded(Old, Function, "", Reason, 0);
    OS << "  upstare_fail(update, " << cString(Reason) << ");\n";
    return;
  }
  OS << "  memcpy(to, from, " << std::min(Old->Size, New->Size) << ");\n";
  if (isPointer(Old))
    OS << "  upstare_forward_word(update, " << bytesAt("char", "to", 0)
       << ");\n";
}

/// A union without a name of its own is a place, not an lvalue.
void ConvertWriter::anonymousUnion(raw_ostream &OS,
                                   const TypeComparer::FieldPair &F) {
  const CType *Old = F.Old->Type, *New = F.New->Type;
  OS << "  /* anonymous union */\n  memcpy("
     << bytesAt("char", "to", F.NewBits / 8) << ", "
     << bytesAt("const char", "from", F.OldBits / 8) << ", "
     << std::min(Old->Size, New->Size) << ");\n";
  if (isPointer(Old))
    OS << "  upstare_forward_word(update, "
       << bytesAt("char", "to", F.NewBits / 8) << ");\n";
}

void ConvertWriter::structBody(raw_ostream &OS, const CType *Old,
                               const CType *New, const std::string &Function) {
  bool Same = Types.same(Old, New);
  if (Same)
    OS << "  memcpy(to, from, sizeof(*to));\n";
  for (const TypeComparer::FieldPair &F : Types.pairFields(Old, New)) {
    const CField *Any = F.New ? F.New : F.Old;
    std::string Name = cIdentifier(Any->Name);
    if (!F.Old || !F.New) {
      OS << (F.New ? "  /* added: " : "  /* removed: ")
         << (Any->Name.empty() ? "anonymous union" : Any->Name) << " */\n";
      continue;
    }
    if (Same && !pointersNeedWork(F.Old->Type, F.New->Type))
      continue;
    std::string Reason = Any->Name.empty()
                             ? Types.unionObstacle(F.Old->Type, F.New->Type)
                             : Types.obstacle(F.Old->Type, F.New->Type);
    if (!Reason.empty()) {
      helpNeeded(Old, Function, F.Old->Name, Reason, F.Old->Line);
      OS << "  /* to do: " << Name << " */\n  upstare_fail(update, "
         << cString(Reason) << ");\n";
      continue;
    }
    if (Any->Name.empty()) {
      anonymousUnion(OS, F);
      continue;
    }
    warnOfDropped(F.Old->Type, F.New->Type,
                  "field " + Any->Name + " of " + where(Old));
    Place At;
    At.From = "from->" + Name;
    At.To = "to->" + Name;
    At.What = "field " + Any->Name + " of " + Old->str();
    At.Unaligned = Old->Packed || New->Packed;
    assign(OS, F.Old->Type, F.New->Type, At);
  }
}

std::string ConvertWriter::typeFunction(const CType *Old, const CType *New,
                                        StringRef Hint) {
  auto Found = TypeIds.find({Old, New});
  if (Found != TypeIds.end())
    return Found->second;
  Text.need(Old, Hint);
  Text.need(New, Hint);
  std::string Id = uniqueName(Text.tag(Old).substr(4), UsedTypeIds);
  TypeIds[{Old, New}] = Id;
  Overridable F;
  F.Name = "upstare_type_" + Id;
  F.Prototype = Overridable::prototype(F.Name, constPointer(Old, "from"),
                                       pointer(New, "to"));
  F.Comment = where(Old) + " -> " + where(New);
  raw_string_ostream OS(F.Body);
  if (Old->K == CType::Union)
    unionBody(OS, Old, New, F.Name);
  else
    structBody(OS, Old, New, F.Name);
  OS.flush();
  Functions.push_back(std::move(F));
  return Id;
}

//===----------------------------------------------------------------------===//
// Values that stay
//===----------------------------------------------------------------------===//

void ConvertWriter::visitElements(raw_ostream &OS, const CType *Old,
                                  const CType *New, uint64_t Count,
                                  const Place &At) {
  if (!Count || !pointersNeedWork(Old, New))
    return;
  std::string I = indexName(At.Depth);
  OS.indent(At.Indent) << "for (unsigned long " << I << " = 0; " << I << " < "
                       << Count << "; ++" << I << ") {\n";
  Place Element = At;
  Element.From += "[" + I + "]";
  Element.Indent += 2;
  Element.Depth += 1;
  visit(OS, Old, New, Element);
  OS.indent(At.Indent) << "}\n";
}

void ConvertWriter::visit(raw_ostream &OS, const CType *Old, const CType *New,
                          const Place &At) {
  if (!pointersNeedWork(Old, New))
    return;
  if (Old->K == CType::DataPointer) {
    std::string Object = targetOf(Types, Old, New);
    if (Moves && !isUntypedPointer(Types, Old))
      OS.indent(At.Indent) << "upstare_forward_slot_typed(update, &" << At.From
                           << ", " << (Object.empty() ? "0" : Object) << ");\n";
    require(OS, Old, New, At);
  } else if (Old->K == CType::Array) {
    visitElements(OS, Old->Element, New->Element, Old->Count, At);
  } else if (Old->isAggregate()) {
    OS.indent(At.Indent) << visitor(Old, New) << "(&" << At.From
                         << ", update);\n";
  }
}

std::string ConvertWriter::visitor(const CType *Old, const CType *New,
                                   StringRef Hint) {
  auto Found = VisitorIds.find({Old, New});
  if (Found != VisitorIds.end())
    return Found->second;
  Text.need(Old, Hint);
  std::string Id = uniqueName("visit_" + Text.tag(Old).substr(4), UsedVisitors);
  VisitorIds[{Old, New}] = Id;
  std::string Body;
  raw_string_ostream OS(Body);
  auto VisitUnion = [&](const CType *Union, uint64_t Offset) {
    if (isPointer(Union))
      OS << "  upstare_forward_slot(update, "
         << bytesAt("char", "object", Offset) << ");\n";
  };
  if (Old->K == CType::Union) {
    VisitUnion(Old, 0);
  } else {
    OS << "  " << pointer(Old, "self") << " = object;\n";
    OS << "  (void)self;\n";
    for (const TypeComparer::FieldPair &F : Types.pairFields(Old, New)) {
      if (!F.Old || !F.New)
        continue;
      if (F.Old->Name.empty()) {
        VisitUnion(F.Old->Type, F.OldBits / 8);
        continue;
      }
      Place At;
      At.From = "self->" + cIdentifier(F.Old->Name);
      At.What = "field " + F.Old->Name + " of " + Old->str();
      visit(OS, F.Old->Type, F.New->Type, At);
    }
  }
  OS.flush();
  Visitors += "static void " + Id +
              "(void *object, struct upstare_update *update) {\n" + Body +
              "}\n\n";
  return Id;
}

//===----------------------------------------------------------------------===//
// Pointers to whole objects
//===----------------------------------------------------------------------===//

std::string ConvertWriter::pointer(const CType *T, StringRef Name) {
  bool Paren = T->K == CType::Array || (T->K == CType::Bytes);
  return Text.declare(T,
                      ((Paren ? "(*" : "*") + Name + (Paren ? ")" : "")).str());
}

std::string ConvertWriter::constPointer(const CType *T, StringRef Name) {
  bool Paren = T->K == CType::Array || (T->K == CType::Bytes);
  std::string Inner = ((Paren ? "(*" : "*") + Name + (Paren ? ")" : "")).str();
  for (; T->K == CType::Array; T = T->Element)
    Inner += "[" + std::to_string(T->Count) + "]";
  if (T->isPointer())
    return Text.declare(T, "const " + Inner);
  return "const " + Text.declare(T, Inner);
}

} // namespace upstare::patchgen
