//===- reserved_stack.h - which part of the old stack stays -----*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// How much of the old stack must be kept for pinned objects. Without this, the
// stack would grow by its own depth with every update.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_RUNTIME_RESERVED_STACK_H
#define UPSTARE_RUNTIME_RESERVED_STACK_H

#include "update.h"

namespace upstare {

/// Where new objects and frames may begin, going down: everything from there up
/// stays as it is.
uintptr_t lowestReserved(const upstare_update &Update);

/// Enters the extent that ends at CallSp, the new one (at commit).
void setCallSp(Thread &T, uintptr_t CallSp);

} // namespace upstare

#endif // UPSTARE_RUNTIME_RESERVED_STACK_H
