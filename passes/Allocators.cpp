//===- Allocators.cpp - a malloc of the program's own -*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//     void *malloc(size_t n) {…}   →   noinline, without tail calls
//
// Serving a request and loading a patch allocate. At an update point inside the
// program's own malloc, which may hold a lock or have half done its work, that
// must not be: the runtime sees such a function on the stack, and waits. So it
// must be there: neither inlined into its caller nor replaced by its callee.
//
//===----------------------------------------------------------------------===//

#include "Allocators.h"

using namespace llvm;

namespace upstare {

static const char *const Names[] = {
#define UPSTARE_ALLOCATOR(Name) #Name,
#include "upstare/allocators.def"
};

void keepAllocatorFrames(Module &M) {
  for (const char *Name : Names) {
    const GlobalValue *Symbol = M.getNamedValue(Name);
    auto *F = Symbol ? const_cast<Function *>(dyn_cast_or_null<Function>(
                           Symbol->getAliaseeObject()))
                     : nullptr;
    if (!F || F->isDeclaration() || Symbol->hasLocalLinkage())
      continue;
    F->removeFnAttr(Attribute::AlwaysInline);
    F->addFnAttr(Attribute::NoInline);
    F->addFnAttr("disable-tail-calls", "true");
  }
}

} // namespace upstare
