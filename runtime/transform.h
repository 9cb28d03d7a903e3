//===- transform.h - the data of the new version ----------------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Fills new storage from old: globals and pinned locals that change type, and
// the frames. Nothing of the old version is written to: writes to storage that
// stays go to Update.Writes, for the commit.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_RUNTIME_TRANSFORM_H
#define UPSTARE_RUNTIME_TRANSFORM_H

#include "update.h"

namespace upstare {

/// Runs all transformers. On success Update.Frames holds linked records, and
/// Update.NewCallSp is where the new stack begins.
Status transform(upstare_update &Update);

/// The part of it that needs no frames: enters the globals that move.
Status addMovedGlobals(upstare_update &Update);

} // namespace upstare

#endif // UPSTARE_RUNTIME_TRANSFORM_H
