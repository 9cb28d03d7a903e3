//===- EmitMaps.cpp - type maps as C ----------------------------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// See EmitMaps.h. Structs and unions use their overridable function; other
// objects (arrays, numbers) get a static one here.
//
//===----------------------------------------------------------------------===//

#include "EmitMaps.h"

using namespace llvm;

namespace upstare::patchgen {

/// Vector code relies on what the ABI promises for arrays.
static uint64_t storageAlign(const CType *T, uint64_t Wanted) {
  return std::max<uint64_t>({T->Align, Wanted, 16});
}

std::string MapWriter::add(const std::string &Id, const std::string &Name,
                           uint64_t OldSize, uint64_t NewSize, uint64_t Align,
                           const std::string &Convert, const std::string &Visit,
                           const std::string &Offset) {
  std::string Symbol = uniqueName("map_" + Id, Used);
  raw_string_ostream OS(Maps);
  OS << "static const struct upstare_type_map " << Symbol << " = {\n    "
     << cString(Name) << ", " << OldSize << ", " << NewSize << ", " << Align
     << ",\n    " << Convert << ", " << Visit << ", " << Offset << "};\n";
  return "&" + Symbol;
}

static std::string asConvert(const std::string &Function) {
  return "(upstare_convert *)" + Function;
}

std::string MapWriter::converter(const CType *Old, const CType *New,
                                 const std::string &Hint,
                                 const std::string &What) {
  if (Old->isAggregate() && New->K == Old->K && Convert.needsWork(Old, New))
    return asConvert("upstare_type_" + Convert.typeFunction(Old, New, Hint));
  Convert.warnOfDropped(Old, New, What);
  std::string Name = uniqueName("convert_" + Hint, Used);
  std::string Body;
  raw_string_ostream OS(Body);
  ConvertWriter::Place At;
  At.From = "(*from)";
  At.To = "(*to)";
  At.What = What;
  Convert.assign(OS, Old, New, At);
  OS.flush();
  Statics += "static " +
             Overridable::prototype(Name, Convert.constPointer(Old, "from"),
                                    Convert.pointer(New, "to")) +
             " {\n" + Body + "}\n\n";
  return asConvert(Name);
}

std::string MapWriter::object(Fate F, const CType *Old, const CType *New,
                              uint64_t Align, const std::string &Hint,
                              const std::string &What) {
  if (F == Stays && !Convert.pointersNeedWork(Old, New))
    return "0";
  Align = storageAlign(New, Align);
  // Functions that name their object in messages serve that one alone.
  bool Shared = Old->isAggregate() || !Types.leadsToChange(Old, New);
  auto Found = Known.find(Key(F, Old, New, Align));
  if (Shared && Found != Known.end())
    return Found->second;
  Text.need(Old, Hint);
  Text.need(New, Hint);
  std::string Id = Old->isAggregate() ? Text.tag(Old).substr(4) : Hint;
  std::string Result;
  switch (F) {
  case Stays: {
    Global G;
    G.Id = Hint;
    G.Name = What;
    G.Old = Old;
    G.New = New;
    std::string Visit =
        Old->isAggregate() ? Convert.visitor(Old, New, Hint) : globalVisitor(G);
    Result = add(Id + "_stays", Old->str(), Old->Size, New->Size, Align, "0",
                 Visit, "0");
    break;
  }
  case Moves:
    Result = add(Id, Old->str(), Old->Size, New->Size, Align,
                 converter(Old, New, Hint, What), "0",
                 Offsets.function(Old, New, Hint));
    break;
  case FromValue:
    Result = add(Id + "_value", Old->str(), Old->Size, New->Size, Align,
                 converter(Old, New, Hint, What), "0", "0");
    break;
  case Fresh:
    Result = add(Id + "_fresh", New->str(), 0, New->Size, Align, "0", "0", "0");
    break;
  }
  return Known[Key(F, Old, New, Align)] = Result;
}

std::string MapWriter::globalVisitor(const Global &G) {
  std::string Name = uniqueName("visit_object_" + G.Id, Used);
  std::string Body;
  raw_string_ostream OS(Body);
  ConvertWriter::Place At;
  At.From = "(*self)";
  At.What = G.Name;
  Convert.visit(OS, G.Old, G.New, At);
  // The elements of a flexible array that this global has.
  if (const CField *Tail = G.Old->flexibleTail()) {
    const CField *NewTail = G.New->flexibleTail();
    At.From = "self->" + cIdentifier(Tail->Name);
    if (uint64_t Size = Tail->Type->Element->Size; Size && NewTail)
      Convert.visitElements(OS, Tail->Type->Element, NewTail->Type->Element,
                            (G.OldSize - Tail->offset()) / Size, At);
  }
  OS.flush();
  Statics += "static void " + Name +
             "(void *object, struct upstare_update *update) {\n  " +
             Convert.pointer(G.Old, "self") + " = object;\n  (void)self;\n" +
             Body + "}\n\n";
  return Name;
}

std::string MapWriter::global(const Global &G) {
  if (G.Convert.empty()) {
    if (G.OldSize <= G.Old->Size)
      return object(Stays, G.Old, G.New, G.Align, G.Id, G.Name);
    Text.need(G.Old, G.Id);
    return add(G.Id, G.Name, G.OldSize, G.NewSize, G.Align, "0",
               globalVisitor(G), "0");
  }
  Text.need(G.Old, G.Id);
  Text.need(G.New, G.Id);
  return add("global_" + G.Id, G.Name, G.OldSize, G.NewSize,
             storageAlign(G.New, G.Align), asConvert(G.Convert), "0",
             Offsets.function(G.Old, G.New, G.Id));
}

void MapWriter::emit(raw_ostream &OS) const {
  OS << Convert.visitors() << Offsets.functions() << Statics << Maps;
}

} // namespace upstare::patchgen
