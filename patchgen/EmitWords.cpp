//===- EmitWords.cpp - words that may be pointers, as C ---------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// See EmitWords.h. The functions go by offsets: which type a byte has is
// decided here, once.
//
//===----------------------------------------------------------------------===//

#include "EmitWords.h"
#include "EmitTypes.h"
#include "upstare/upstare.h"
#include <set>

using namespace llvm;

namespace upstare::patchgen {

bool isUntypedPointer(TypeComparer &Types, const CType *Pointer) {
  if (Pointer->K != CType::DataPointer || Pointer->Element)
    return false;
  return Types.graph(Pointer->V).pointee(Pointer)->saysNothing();
}

bool holdsTypedPointers(TypeComparer &Types, const CType *Union) {
  return llvm::all_of(Union->Fields, [&](const CField &F) {
    return F.Type->K == CType::DataPointer && !isUntypedPointer(Types, F.Type);
  });
}

static bool isWordInteger(const CType *T) {
  return T->K == CType::Integer && T->Size == sizeof(void *) && !T->isEnum();
}

static bool isByteArray(const CType *T) {
  return T->K == CType::Array && T->Size >= sizeof(void *) &&
         T->Element->K == CType::Integer && T->Element->Size == 1;
}

/// Where words of pointers, integers or bytes lie in a union's members.
static void collectWords(const CType *T, uint64_t Base, bool Bytes,
                         std::set<uint64_t> &Words) {
  constexpr uint64_t WordBytes = sizeof(void *);
  if (T->K == CType::DataPointer || isWordInteger(T)) {
    Words.insert(Base);
  } else if (isByteArray(T)) {
    for (uint64_t At = alignTo(Base, WordBytes);
         Bytes && At + WordBytes <= Base + T->Size; At += WordBytes)
      Words.insert(At);
  } else if (T->K == CType::Array) {
    for (uint64_t I = 0; I < T->Count; ++I)
      collectWords(T->Element, Base + I * T->Element->Size, Bytes, Words);
  } else {
    for (const CField &F : T->Fields)
      if (!F.BitField)
        collectWords(F.Type, Base + F.offset(), Bytes, Words);
  }
}

static std::string plus(const std::string &At, uint64_t Offset) {
  return Offset ? At + " + " + std::to_string(Offset) : At;
}

uint32_t WordWriter::decision(const Word &W) {
  for (WordRow &R : Rows)
    if ((R.Holder == "*" || R.Holder == W.Holder) &&
        (R.Member == "*" || R.Member == W.Member)) {
      R.Used = true;
      return R.What;
    }
  return UPSTARE_WORD_UNDECIDED;
}

/// What the runtime says of such a word, and how its row begins.
std::string WordWriter::described(const CType *T, const Word &W) {
  std::string Row = "{\"" + W.Holder + "\", \"" + W.Member + "\"";
  std::string Name = W.Member.empty() ? W.Holder : W.Member + " of " + W.Holder;
  return cString(Name + " (" + T->str() + ")") + ", " + cString(Row);
}

void WordWriter::word(const Body &B, const CType *T, const std::string &At,
                      const Word &W) {
  uint32_t What = decision(W);
  if (B.M == Tell)
    B.OS.indent(B.Indent) << "upstare_untyped_word(update, " << At << ", "
                          << What << ", " << described(T, W) << ");\n";
  else if (What == UPSTARE_WORD_FORWARD)
    B.OS.indent(B.Indent) << "upstare_forward_untyped(update, " << At << ");\n";
}

void WordWriter::bytes(const Body &B, const CType *T, const std::string &At,
                       const Word &W) {
  uint32_t What = decision(W);
  std::string Size = std::to_string(T->Size);
  if (B.M == Tell)
    B.OS.indent(B.Indent) << "upstare_untyped_bytes(update, " << At << ", "
                          << Size << ", " << What << ", " << described(T, W)
                          << ");\n";
  else if (What == UPSTARE_WORD_FORWARD)
    B.OS.indent(B.Indent) << "upstare_forward_bytes(update, " << At << ", "
                          << Size << ");\n";
}

void WordWriter::unionWords(const Body &B, const CType *T,
                            const std::string &At, const Word &W) {
  if (holdsTypedPointers(Types, T))
    return;
  std::set<uint64_t> Words;
  collectWords(T, 0, B.Bytes, Words);
  for (uint64_t Offset : Words)
    word(B, T, plus(At, Offset), W);
}

void WordWriter::elements(Body B, const CType *T, uint64_t Count,
                          const std::string &At, const Word &W) {
  if (!Count || !T->Size)
    return;
  std::string Index = "i" + std::to_string(B.Depth), Text;
  raw_string_ostream OS(Text);
  walk({OS, B.M, B.Bytes, B.Indent + 2, B.Depth + 1}, T,
       At + " + " + Index + " * " + std::to_string(T->Size), W);
  OS.flush();
  if (!Text.empty())
    B.OS.indent(B.Indent) << "for (unsigned long " << Index << " = 0; " << Index
                          << " < " << Count << "; ++" << Index << ") {\n"
                          << Text << std::string(B.Indent, ' ') << "}\n";
}

void WordWriter::walk(Body B, const CType *T, const std::string &At,
                      const Word &W) {
  if (isUntypedPointer(Types, T) || isWordInteger(T))
    return word(B, T, At, W);
  if (isByteArray(T) && B.Bytes)
    return bytes(B, T, At, W);
  if (T->K == CType::Array)
    return elements(B, T->Element, T->Count, At, W);
  if (T->K == CType::Union)
    return unionWords(B, T, At, W);
  // What a jmp_buf holds is for setjmp(), which the rebuilt frame calls again.
  if (T->K != CType::Struct || T->Name == "__jmp_buf_tag")
    return;
  if (T->Name.empty())
    return fields(B, T, At, W);
  std::string Function = ofStruct(T, B);
  if (Function != "0")
    B.OS.indent(B.Indent) << Function << "(" << At << ", update);\n";
}

/// The first name in an anonymous struct or union stands for it.
static std::string firstName(const CType *T) {
  for (const CField &F : T->Fields)
    if (std::string Name = F.Name.empty() ? firstName(F.Type) : F.Name;
        !Name.empty())
      return Name;
  return "";
}

void WordWriter::fields(const Body &B, const CType *T, const std::string &At,
                        const Word &W) {
  for (const CField &F : T->Fields) {
    if (F.BitField)
      continue;
    bool Whole = F.Name.empty() && F.Type->K == CType::Struct;
    std::string Name = F.Name.empty() ? firstName(F.Type) : F.Name;
    Word Inner = W;
    if (!Whole)
      Inner.Member += (W.Member.empty() ? "" : ".") + Name;
    walk(B, F.Type, plus(At, F.offset()), Inner);
  }
}

std::string WordWriter::define(const std::string &Text) {
  if (Text.empty())
    return "0";
  std::string Name = "words_" + std::to_string(Count++);
  Functions += "static void " + Name +
               "(void *at, struct upstare_update *update) {\n"
               "  char *object = at;\n" +
               Text + "}\n\n";
  return Name;
}

std::string WordWriter::ofStruct(const CType *T, const Body &B) {
  auto Found = Structs.find({T, B.M, B.Bytes});
  if (Found != Structs.end())
    return Found->second;
  std::string Text;
  raw_string_ostream OS(Text);
  fields({OS, B.M, B.Bytes}, T, "object", {T->str(), ""});
  OS.flush();
  return Structs[{T, B.M, B.Bytes}] = define(Text);
}

std::string WordWriter::object(const CType *T, uint64_t Size, StringRef Name,
                               Mode M) {
  std::string Text;
  raw_string_ostream OS(Text);
  walk({OS, M, /*Bytes=*/true}, T, "object", {Name.str(), ""});
  if (const CField *Tail = T->flexibleTail())
    if (uint64_t Element = Tail->Type->Element->Size)
      elements({OS, M, /*Bytes=*/true}, Tail->Type->Element,
               (Size - Tail->offset()) / Element,
               plus("object", Tail->offset()), {T->str(), Tail->Name});
  OS.flush();
  return define(Text);
}

std::string WordWriter::frame(const FunctionShape &Shape,
                              ArrayRef<const FrameMember *> Members, Mode M) {
  std::string Text;
  raw_string_ostream OS(Text);
  for (const FrameMember *Member : Members) {
    Word W = {Shape.Name, Member->M->Name};
    std::string At = plus("object", Member->M->Offset);
    if (!Member->pinned()) {
      // The compiler's own pointers are pointers, and are forwarded.
      if (!Member->M->isTemporary() || Member->Type->K != CType::DataPointer)
        walk({OS, M}, Member->Type, At, W);
      continue;
    }
    if (Member->dynamic())
      continue;
    std::string Part;
    raw_string_ostream PartOS(Part);
    walk({PartOS, M, /*Bytes=*/false, 4}, Member->Type, "pinned", W);
    PartOS.flush();
    if (!Part.empty())
      OS << "  if (*(char **)(" << At << ")) {\n    char *pinned = *(char **)("
         << At << ");\n"
         << Part << "  }\n";
  }
  OS.flush();
  return define(Text);
}

} // namespace upstare::patchgen
