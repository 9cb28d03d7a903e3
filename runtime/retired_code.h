//===- retired_code.h - memory of versions that run no more -----*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A patch stays loaded for good: the program is bound to its variables, and may
// hold addresses of its constants. Its code is another matter: functions are
// known by the address of their first version, whose entry leads to the newest.
// Once no entry leads into a patch any more, its code cannot be reached, and
// its memory goes back to the system.
//
// Thread-safety: noteCommit() runs parked; the others in the one thread that
// prepares or finishes an update. They exclude each other.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_RUNTIME_RETIRED_CODE_H
#define UPSTARE_RUNTIME_RETIRED_CODE_H

#include "loader.h"

namespace upstare {

/// Takes the code of a loaded patch out of its file, so that it can go later,
/// and what is not loaded out of memory. Nobody runs the patch yet. Failing
/// costs memory and nothing else.
void detachFromFile(PreparedPatch &Patch);

/// The patch takes over. False: not now, or there is no memory; nothing has
/// changed.
bool noteCommit(const PreparedPatch &Patch);

/// Gives memory of code that cannot be reached any more back.
void releaseRetiredCode();

struct RetainedMemory {
  uint64_t Patches; // that are loaded
  uint64_t Bytes;   // of their segments, without what was released
};
RetainedMemory retainedMemory();

} // namespace upstare

#endif // UPSTARE_RUNTIME_RETIRED_CODE_H
