//===- BlockingCalls.cpp - calls that a server sits in -*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//     n = call read(fd, p, k)   →   n = call upstare_read(fd, p, k)
//
// The wrapper does the same, but an update can interrupt it. Only direct calls
// are redirected: the address of read stays the address of read. Interposing
// the symbol itself was rejected, since it would also catch calls from
// uninstrumented libraries, whose frames cannot be left.
//
//===----------------------------------------------------------------------===//

#include "BlockingCalls.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/IR/GlobalAlias.h"
#include "llvm/IR/InstrTypes.h"

using namespace llvm;

namespace upstare {

namespace {
struct BlockingCall {
  const char *Name, *Wrapper;
};
const BlockingCall BlockingCalls[] = {
#define UPSTARE_BLOCKING_CALL(Name, Wrapper) {#Name, #Wrapper},
#include "upstare/blocking_calls.def"
};
/// Never wait, but could take over the update signal, or make other stacks.
const BlockingCall OtherCalls[] = {
#define UPSTARE_SIGNAL_CALL(Name, Wrapper) {#Name, #Wrapper},
#define UPSTARE_CONTEXT_CALL(Name, Wrapper) {#Name, #Wrapper},
#include "upstare/blocking_calls.def"
};
} // namespace

static const StringMap<const char *> &wrappers() {
  static const StringMap<const char *> Map = [] {
    StringMap<const char *> M;
    for (const BlockingCall &B : BlockingCalls)
      M.try_emplace(B.Wrapper, B.Name);
    return M;
  }();
  return Map;
}

bool isBlockingWrapper(StringRef Name) { return wrappers().contains(Name); }

StringRef blockingFunctionOf(StringRef Wrapper) {
  return wrappers().lookup(Wrapper);
}

static unsigned redirect(Function &F, StringRef Wrapper, bool MayUpdate) {
  unsigned Redirected = 0;
  for (Use &U : make_early_inc_range(F.uses())) {
    auto *Call = dyn_cast<CallBase>(U.getUser());
    if (!Call || !Call->isCallee(&U) ||
        Call->getFunctionType() != F.getFunctionType())
      continue;
    FunctionCallee To =
        F.getParent()->getOrInsertFunction(Wrapper, F.getFunctionType());
    Call->setCalledFunction(To);
    if (MayUpdate)
      Call->removeFnAttr(Attribute::NoUnwind);
    ++Redirected;
  }
  return Redirected;
}

/// A program may define a function of that name, which other files call:
/// redirected, their calls must lead there. The linker sees to it if the
/// program also has a function of the wrapper's name.
static void nameAsWrapper(Function &F, StringRef Wrapper) {
  if (F.hasLocalLinkage() || F.hasAvailableExternallyLinkage() ||
      F.getParent()->getNamedValue(Wrapper))
    return;
  GlobalAlias *Alias = GlobalAlias::create(F.getLinkage(), Wrapper, &F);
  Alias->setVisibility(F.getVisibility());
  Alias->setDSOLocal(F.isDSOLocal());
}

unsigned redirectBlockingCalls(Module &M) {
  unsigned Redirected = 0;
  auto RedirectAll = [&](ArrayRef<BlockingCall> Calls, bool MayUpdate) {
    for (const BlockingCall &B : Calls) {
      Function *F = M.getFunction(B.Name);
      if (F && F->isDeclaration())
        Redirected += redirect(*F, B.Wrapper, MayUpdate);
      else if (F)
        nameAsWrapper(*F, B.Wrapper);
    }
  };
  RedirectAll(BlockingCalls, /*MayUpdate=*/true);
  RedirectAll(OtherCalls, /*MayUpdate=*/false);
  return Redirected;
}

} // namespace upstare
