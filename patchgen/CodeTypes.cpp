//===- CodeTypes.cpp - types that code relies on ----------------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// See CodeTypes.h.
//
//===----------------------------------------------------------------------===//

#include "CodeTypes.h"
#include "llvm/IR/DebugProgramInstruction.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include <map>

using namespace llvm;
using namespace upstare;
using namespace upstare::patchgen;

bool patchgen::sameSignature(TypeComparer &Types, const Function &Old,
                             const Function &New) {
  const DISubprogram *A = Old.getSubprogram(), *B = New.getSubprogram();
  if (!A || !B || !A->getType() || !B->getType())
    return Old.arg_size() == New.arg_size();
  DITypeRefArray Left = A->getType()->getTypeArray(),
                 Right = B->getType()->getTypeArray();
  if (Left.size() != Right.size())
    return false;
  for (unsigned I = 0; I != Left.size(); ++I)
    if (!Types.same(Left[I], Right[I]))
      return false;
  return true;
}

static const CType *innermost(TypeGraph &Graph, const CType *T) {
  while (T->K == CType::Array || T->K == CType::DataPointer)
    T = T->K == CType::Array ? T->Element : Graph.pointee(T);
  return T;
}

/// "session" for %struct.session.12.
static StringRef tagOf(Type *T) {
  while (T->isArrayTy())
    T = T->getArrayElementType();
  auto *Struct = dyn_cast<StructType>(T);
  if (!Struct || !Struct->hasName())
    return "";
  return Struct->getName().split('.').second.split('.').first;
}

std::string patchgen::changedTypeIn(TypeComparer &Types, const Function &Old) {
  std::map<StringRef, const CType *> Changed;
  for (const CType *T : Types.changedDefinitions())
    Changed[T->Name] = T;
  auto Known = [&](StringRef Tag) {
    auto Found = Tag.empty() ? Changed.end() : Changed.find(Tag);
    return Found == Changed.end() ? std::string() : Found->second->str();
  };
  TypeGraph &Graph = Types.graph(Version::Old);
  auto Variable = [&](const DIType *T) {
    const CType *In = innermost(Graph, Graph.get(T));
    return In->isAggregate() ? Known(In->Name) : std::string();
  };
  if (const DISubprogram *Info = Old.getSubprogram(); Info && Info->getType())
    for (const DIType *T : Info->getType()->getTypeArray())
      if (std::string Name = Variable(T); !Name.empty())
        return Name;
  for (const Instruction &I : instructions(Old)) {
    std::string Name;
    if (const auto *Element = dyn_cast<GetElementPtrInst>(&I))
      Name = Known(tagOf(Element->getSourceElementType()));
    else if (const auto *Storage = dyn_cast<AllocaInst>(&I))
      Name = Known(tagOf(Storage->getAllocatedType()));
    for (const DbgVariableRecord &R : filterDbgVars(I.getDbgRecordRange()))
      if (Name.empty())
        Name = Variable(R.getVariable()->getType());
    if (!Name.empty())
      return Name;
  }
  return "";
}
