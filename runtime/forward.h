//===- forward.h - pointers into what moved ---------------------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Where a pointer of the old version points in the new one. The public face is
// upstare.h.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_RUNTIME_FORWARD_H
#define UPSTARE_RUNTIME_FORWARD_H

#include "update.h"

namespace upstare {

/// Puts the table of moved objects into the order that findMoved() needs.
void sortMoved(upstare_update &Update);

/// The moved object that Address points into, or one past the end of; null if
/// there is none. Changes: it does not point to an object that stays.
/// TargetSize: of what it points to, as map_offset takes it; 0: unknown.
const MovedObject *findMoved(const upstare_update &Update, uintptr_t Address,
                             bool Changes = false, uint64_t TargetSize = 0);

/// Memory that was never initialised (a field of an unused array element, a
/// local before its first assignment) may hold anything. What is not mapped
/// cannot be read by new code either, so it is let through.
bool isMapped(const void *Pointer);

/// Ends the update with TransformFailed, unless it has failed already.
void failTransform(upstare_update &Update, const char *Format, ...)
    __attribute__((format(printf, 2, 3)));

} // namespace upstare

#endif // UPSTARE_RUNTIME_FORWARD_H
