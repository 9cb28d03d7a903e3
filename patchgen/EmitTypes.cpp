//===- EmitTypes.cpp - types as C text --------------------------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// See EmitTypes.h. Declarations are put together inside out, as C wants them:
// declare(array of T, "a") is declare(T, "a[4]").
//
//===----------------------------------------------------------------------===//

#include "EmitTypes.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/Path.h"

using namespace llvm;

namespace upstare::patchgen {

//===----------------------------------------------------------------------===//
// Names
//===----------------------------------------------------------------------===//

/// Keywords of C and C++ (override files may be either), macros that compilers
/// predefine in GNU mode, and those of <stddef.h>.
static bool isReserved(StringRef Name) {
  static const StringSet<> Set = [] {
    StringRef Words =
        "alignas alignof asm auto bool break case char const constexpr "
        "continue default do double else enum extern false float for goto "
        "if inline int long nullptr register restrict return short signed "
        "sizeof static static_assert struct switch thread_local true "
        "typedef typeof typeof_unqual union unsigned void volatile while "
        "and and_eq bitand bitor catch char8_t char16_t char32_t class "
        "co_await co_return co_yield compl concept consteval constinit "
        "const_cast decltype delete dynamic_cast explicit export friend "
        "mutable namespace new noexcept not not_eq operator or or_eq "
        "private protected public reinterpret_cast requires static_cast "
        "template this throw try typeid typename using virtual wchar_t xor "
        "xor_eq unix linux i386 NULL offsetof ";
    SmallVector<StringRef, 128> List;
    Words.split(List, ' ', -1, /*KeepEmpty=*/false);
    StringSet<> Result;
    for (StringRef Word : List)
      Result.insert(Word);
    return Result;
  }();
  return Set.contains(Name);
}

std::string cIdentifier(StringRef Name) {
  std::string Result;
  for (char C : Name)
    Result += isAlnum(C) || C == '_' ? C : '_';
  if (Result.empty() || isDigit(Result[0]))
    Result.insert(0, "_");
  return isReserved(Result) ? Result + "_" : Result;
}

std::string cString(StringRef Text) {
  std::string Result = "\"";
  for (unsigned char C : Text)
    if (C == '"' || C == '\\')
      Result += {'\\', static_cast<char>(C)};
    else if (C < 32 || C == 127 || C == '?') // '?': no trigraphs
      Result +=
          {'\\', static_cast<char>('0' + C / 64),
           static_cast<char>('0' + C / 8 % 8), static_cast<char>('0' + C % 8)};
    else
      Result += static_cast<char>(C);
  return Result + "\"";
}

std::string uniqueName(const std::string &Name, StringSet<> &Used) {
  std::string Result = Name;
  for (unsigned I = 2; !Used.insert(Result).second; ++I)
    Result = Name + "_" + std::to_string(I);
  return Result;
}

std::string TypeText::tag(const CType *T, StringRef Hint) {
  std::string &Tag = Tags[T];
  if (!Tag.empty())
    return Tag;
  StringRef Prefix = T->V == Version::Old ? "old_" : "new_";
  std::string Name = (Prefix + (!T->Name.empty() ? StringRef(T->Name)
                                : Hint.empty()   ? StringRef("anonymous")
                                                 : Hint))
                         .str();
  Name = cIdentifier(Name);
  // A second layout of the name: say which file has it.
  if (UsedTags.contains(Name) && !T->File.empty())
    Name += "__" + cIdentifier(sys::path::stem(T->File));
  return Tag = uniqueName(std::move(Name), UsedTags);
}

//===----------------------------------------------------------------------===//
// Declarations
//===----------------------------------------------------------------------===//

static StringRef integerName(const CType *T) {
  static const StringSet<> Plain = {"char",
                                    "signed char",
                                    "unsigned char",
                                    "short",
                                    "int",
                                    "unsigned short",
                                    "unsigned int",
                                    "long",
                                    "long long",
                                    "unsigned long long",
                                    "unsigned long",
                                    "__int128",
                                    "unsigned __int128"};
  if (!T->isEnum() && Plain.contains(T->Name))
    return Plain.find(T->Name)->getKey();
  switch (T->Size) {
  case 1:
    return T->Signed ? "signed char" : "unsigned char";
  case 2:
    return T->Signed ? "short" : "unsigned short";
  case 4:
    return T->Signed ? "int" : "unsigned int";
  case 8:
    return T->Signed ? "long" : "unsigned long";
  default:
    return T->Signed ? "__int128" : "unsigned __int128";
  }
}

std::string TypeText::base(const CType *T) {
  if (!T->Spelling.empty())
    return T->Spelling;
  switch (T->K) {
  case CType::Void:
    return "void";
  case CType::Bool:
    return "_Bool";
  case CType::Integer:
    return integerName(T).str();
  case CType::Float:
    return T->Name;
  case CType::Complex:
    return T->Element->Name + " _Complex";
  case CType::Vector:
    return base(T->Element) + " __attribute__((vector_size(" +
           std::to_string(T->Size) + ")))";
  case CType::Struct:
  case CType::Opaque:
    return "struct " + tag(T);
  case CType::Union:
    return "union " + tag(T);
  default:
    return "unsigned char";
  }
}

std::string TypeText::declare(const CType *T, StringRef Name) {
  switch (T->K) {
  case CType::Array:
    return declare(T->Element,
                   (Name + "[" + std::to_string(T->Count) + "]").str());
  case CType::CodePointer:
    return ("void (*" + Name + ")(void)").str();
  case CType::DataPointer: {
    if (T->Element) { // a pinned object
      bool Paren =
          T->Element->K == CType::Array || T->Element->K == CType::Bytes;
      return declare(T->Element,
                     ((Paren ? "(*" : "*") + Name + (Paren ? ")" : "")).str());
    }
    const CType *P = Types.graph(T->V).pointee(T);
    bool Named = P->K == CType::Void || P->isArithmetic() ||
                 P->K == CType::Opaque || P->K == CType::DataPointer ||
                 (P->isAggregate() && !P->Name.empty());
    if (!Named)
      return ("void *" + Name).str();
    return declare(P, ("*" + Name).str());
  }
  case CType::Bytes:
    if (T->Spelling.empty())
      return ("unsigned char " + Name + "[" + std::to_string(T->Size) + "]")
          .str();
    [[fallthrough]];
  default:
    return base(T) + " " + Name.str();
  }
}

std::string TypeText::spell(const CType *T) {
  return StringRef(declare(T, "")).rtrim().str();
}

//===----------------------------------------------------------------------===//
// Definitions
//===----------------------------------------------------------------------===//

void TypeText::need(const CType *T, StringRef Hint) {
  while (T->K == CType::Array)
    T = T->Element;
  if (T->K == CType::DataPointer && T->Element)
    return need(T->Element, Hint);
  if (!T->isAggregate() || !Planned.insert(T).second)
    return;
  // Anonymous members are written in place: only what they hold gets a name.
  std::string Outer = StringRef(tag(T, Hint)).drop_front(4).str();
  auto Visit = [&](auto &Self, const CType *In) -> void {
    for (const CField &F : In->Fields)
      if (F.Name.empty() && F.Type->isAggregate())
        Self(Self, F.Type);
      else
        need(F.Type, Outer + "_" + F.Name);
  };
  Visit(Visit, T);
  Order.push_back(T);
}

static std::string attributes(const CType *T) {
  std::vector<std::string> List;
  if (T->Packed)
    List.push_back("packed");
  if (T->ExplicitAlign || (T->Packed && T->Align > 1))
    List.push_back("aligned(" + std::to_string(T->Align) + ")");
  return List.empty() ? "" : " __attribute__((" + join(List, ", ") + "))";
}

/// Padding written out, in packed structs. A gap before a bit-field ends at a
/// bit, any other at a byte.
void TypeText::emitGap(raw_ostream &OS, unsigned Indent, uint64_t From,
                       uint64_t To, bool ToBits) {
  uint64_t Byte = alignTo(From, 8);
  if (ToBits && From % 8 != 0 && From < To) {
    OS.indent(Indent) << "unsigned char : " << std::min(Byte, To) - From
                      << ";\n";
  }
  if (Byte + 8 <= To)
    OS.indent(Indent) << "unsigned char upstare_pad_" << Byte / 8 << "["
                      << (To - Byte) / 8 << "];\n";
  if (ToBits && Byte < To && To % 8 != 0)
    OS.indent(Indent) << "unsigned char : " << To % 8 << ";\n";
}

void TypeText::emitField(raw_ostream &OS, const CType *T, const CField &F,
                         unsigned Indent) {
  OS.indent(Indent);
  if (F.Name.empty() && F.Type->isAggregate()) {
    OS << (F.Type->K == CType::Union ? "union {\n" : "struct {\n");
    emitFields(OS, F.Type, Indent + 2);
    OS.indent(Indent) << "}" << attributes(F.Type);
  } else {
    OS << declare(F.Type, cIdentifier(F.Name));
    if (F.BitField)
      OS << " : " << F.SizeBits;
  }
  if (F.ExplicitAlign && !T->Packed)
    OS << " __attribute__((aligned(" << F.ExplicitAlign << ")))";
  OS << ";";
  if (F.Type->isEnum())
    OS << " /* " << F.Type->str() << " */";
  if (!F.Comment.empty())
    OS << " /* " << F.Comment << " */";
  OS << "\n";
}

void TypeText::emitFields(raw_ostream &OS, const CType *T, unsigned Indent) {
  uint64_t End = 0;
  for (const CField &F : T->Fields) {
    if (T->Packed && T->K == CType::Struct)
      emitGap(OS, Indent, End, F.OffsetBits, F.BitField);
    emitField(OS, T, F, Indent);
    End = std::max(End, F.OffsetBits + F.SizeBits);
  }
  if (!T->Packed)
    return;
  if (T->K == CType::Struct)
    emitGap(OS, Indent, End, T->Size * 8, false);
  else if (divideCeil(End, 8) < T->Size)
    OS.indent(Indent) << "unsigned char upstare_pad[" << T->Size << "];\n";
}

void TypeText::emitDefinitions(raw_ostream &OS) {
  for (const CType *T : Order) {
    OS << "/* " << (T->V == Version::Old ? "Old" : "New") << " " << T->str();
    if (!T->File.empty())
      OS << ", " << sys::path::filename(T->File) << ":" << T->Line;
    OS << " */\n" << base(T) << " {\n";
    emitFields(OS, T, 2);
    OS << "}" << attributes(T) << ";\n\n";
  }
}

//===----------------------------------------------------------------------===//
// Checks
//===----------------------------------------------------------------------===//

void TypeText::checkFields(raw_ostream &OS, const CType *T,
                           const std::string &Spelling, uint64_t BaseBits) {
  for (const CField &F : T->Fields) {
    uint64_t Bits = BaseBits + F.OffsetBits;
    if (F.Name.empty() && F.Type->isAggregate())
      checkFields(OS, F.Type, Spelling, Bits);
    else if (!F.BitField)
      OS << "               && offsetof(" << Spelling << ", "
         << cIdentifier(F.Name) << ") == " << Bits / 8 << "\n";
  }
}

void TypeText::emitLayoutChecks(raw_ostream &OS) {
  for (const CType *T : Order) {
    std::string Spelling = base(T);
    OS << "_Static_assert(sizeof(" << Spelling << ") == " << T->Size << "\n";
    checkFields(OS, T, Spelling, 0);
    OS << "               , " << cString("layout of " + Spelling) << ");\n";
  }
}

} // namespace upstare::patchgen
