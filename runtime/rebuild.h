//===- rebuild.h - entering the new version ---------------------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// How the new stack comes about: the outermost function's clone is called, it
// calls the next one's at its continuation point, and so on; the innermost
// calls the runtime, which ends the update and returns into it.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_RUNTIME_REBUILD_H
#define UPSTARE_RUNTIME_REBUILD_H

#include "update.h"

namespace upstare {

/// Links the records and enters the new version.
[[noreturn]] void rebuild(upstare_update &Update);

/// Gives back everything that an update holds, but not its patch.
void releaseUpdate(upstare_update &Update);

} // namespace upstare

#endif // UPSTARE_RUNTIME_REBUILD_H
