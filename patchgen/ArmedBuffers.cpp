//===- ArmedBuffers.cpp - jmp_bufs from version to version ------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// See ArmedBuffers.h.
//
//===----------------------------------------------------------------------===//

#include "ArmedBuffers.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/DebugLoc.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"

using namespace llvm;

namespace upstare::patchgen {

bool isEnvironment(const Member &M) {
  return StringRef(M.Name).starts_with(EnvironmentPrefix);
}

bool isStamp(const Member &M) {
  return StringRef(M.Name).starts_with(StampPrefix);
}

static unsigned lineOf(const FunctionShape &Shape, const Member &M) {
  for (const SetjmpSite &Site : Shape.Setjmps)
    if (Site.Environment == M.Storage)
      if (const DebugLoc &Where = Site.Call->getDebugLoc())
        return Where.getLine();
  return Shape.Line;
}

/// "top" of "%setjmp(top)#1".
static std::string bufferOf(const Member &M) {
  return StringRef(M.Name)
      .split('#')
      .first.drop_front(EnvironmentPrefix.size())
      .drop_back()
      .str();
}

static MissingSource missing(const FunctionShape &Shape, const Member &Buffer) {
  MissingSource M;
  M.Function = Shape.Name;
  M.File = Shape.File;
  M.Line = lineOf(Shape, Buffer);
  M.Variable = Buffer.Name;
  return M;
}

MissingSource newBuffer(const FramePair &F, const FrameMember &New) {
  MissingSource M = missing(*F.New.Shape, *New.M);
  M.What = "the jmp_buf '" + bufferOf(*New.M) +
           "' of this setjmp() is not armed when the new code goes on";
  M.Reason = "it cannot be told which setjmp() of the old version, if any, has "
             "armed it";
  M.Suggestion = "define " + F.initName(New) +
                 " in the override file, to set its address, or 0 if no "
                 "longjmp() comes there";
  return M;
}

std::vector<MissingSource> lostBuffers(const FramePair &F, const Point &Before,
                                       const Point &After) {
  std::vector<MissingSource> Lost;
  for (unsigned I : Before.Live.set_bits()) {
    const FrameMember &O = F.Old.Members[I];
    if (!isEnvironment(*O.M))
      continue;
    bool GoesOn = any_of(After.Live.set_bits(), [&](unsigned J) {
      auto At = F.SourcesAt.find({J, static_cast<int>(I)});
      return F.Sources[J].Old == static_cast<int>(I) ||
             (At != F.SourcesAt.end() && At->second.count(Before.Number));
    });
    if (GoesOn)
      continue;
    MissingSource M = missing(*F.Old.Shape, *O.M);
    M.What = "the jmp_buf '" + bufferOf(*O.M) +
             "' that this setjmp() arms is not armed again";
    M.Reason = "the new version has no such setjmp() before the point where it "
               "goes on, and a longjmp() would go to old code";
    M.Suggestion = "refuse the update there: const struct "
                   "upstare_point_override upstare_points[] = {{\"" +
                   F.Old.Shape->Name + "\", " + std::to_string(Before.Number) +
                   ", ~0u}, {0}};";
    Lost.push_back(std::move(M));
  }
  return Lost;
}

static bool holdsBuffer(Type *T) {
  if (auto *Array = dyn_cast<ArrayType>(T))
    return holdsBuffer(Array->getElementType());
  auto *Struct = dyn_cast<StructType>(T);
  return Struct && ((Struct->hasName() &&
                     Struct->getName().starts_with("struct.__jmp_buf_tag")) ||
                    any_of(Struct->elements(), holdsBuffer));
}

/// Whether Address is that of something with a jmp_buf in it.
static bool leadsToBuffer(const Value *Address) {
  if (auto *Gep = dyn_cast<GEPOperator>(Address))
    return holdsBuffer(Gep->getResultElementType()) ||
           holdsBuffer(Gep->getSourceElementType());
  if (auto *A = dyn_cast<AllocaInst>(Address))
    return holdsBuffer(A->getAllocatedType());
  auto *G = dyn_cast<GlobalVariable>(Address);
  return G && holdsBuffer(G->getValueType());
}

std::vector<const Instruction *> bufferCopies(const Function &F) {
  constexpr uint64_t RegisterBytes = 64; // what setjmp saves
  std::vector<const Instruction *> Copies;
  for (const Instruction &I : instructions(F)) {
    auto *Copy = dyn_cast<MemTransferInst>(&I);
    if (!Copy)
      continue;
    auto *Length = dyn_cast<ConstantInt>(Copy->getLength());
    // Initialisers are copied from constants.
    auto *From =
        dyn_cast<GlobalVariable>(getUnderlyingObject(Copy->getRawSource()));
    if ((Length && Length->getZExtValue() < RegisterBytes) ||
        (From && From->isConstant()))
      continue;
    if (leadsToBuffer(Copy->getRawSource()) ||
        leadsToBuffer(Copy->getRawDest()))
      Copies.push_back(Copy);
  }
  return Copies;
}

} // namespace upstare::patchgen
