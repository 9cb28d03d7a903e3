//===- commit.h - from one version to the next ------------------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The step after which there is no way back.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_RUNTIME_COMMIT_H
#define UPSTARE_RUNTIME_COMMIT_H

#include "update.h"

namespace upstare {

/// Makes the writes that were put off, lets old entries lead to new code, and
/// makes the patch the current version. If it fails, nothing has changed.
Status commit(upstare_update &Update);

} // namespace upstare

#endif // UPSTARE_RUNTIME_COMMIT_H
