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
#include "llvm/IR/DebugLoc.h"

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

MissingSource newBuffer(const FramePair &F, const FrameMember &New) {
  MissingSource M;
  M.Function = F.New.Shape->Name;
  M.File = F.New.Shape->File;
  M.Line = lineOf(*F.New.Shape, *New.M);
  M.Variable = New.M->Name;
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
    MissingSource M;
    M.Function = F.Old.Shape->Name;
    M.File = F.Old.Shape->File;
    M.Line = lineOf(*F.Old.Shape, *O.M);
    M.Variable = O.M->Name;
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

} // namespace upstare::patchgen
