//===- contexts.h - stacks that the program makes --------------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Answers: may there be frames on stacks that no walk from an update point
// sees? A coroutine that waits in swapcontext would go on in old code.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_RUNTIME_CONTEXTS_H
#define UPSTARE_RUNTIME_CONTEXTS_H

#include <stdint.h>

namespace upstare {

/// Where the program has called makecontext last; 0: it never has.
uintptr_t contextMaker();

} // namespace upstare

#endif // UPSTARE_RUNTIME_CONTEXTS_H
