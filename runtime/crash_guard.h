//===- crash_guard.h - transformers that crash ------------------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A transformer is code of the user, or made from the user's types; when it
// crashes or fails an assertion, the update is aborted instead of the program.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_RUNTIME_CRASH_GUARD_H
#define UPSTARE_RUNTIME_CRASH_GUARD_H

#include "update.h"

namespace upstare {

/// Returns Function(Update); if that crashes, calls GiveUp instead, with what
/// went wrong as the report's message.
Status runGuarded(upstare_update &Update, Status (*Function)(upstare_update &),
                  void (*GiveUp)(upstare_update &, Status));

} // namespace upstare

#endif // UPSTARE_RUNTIME_CRASH_GUARD_H
