//===- memory_scan.h - words in memory without types ------------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The heap, thread-local variables, other anonymous memory and the data of
// libraries that are not instrumented: no patch says which of their words are
// pointers. If one holds the address of an object that is to move, it is most
// likely a pointer, and what uses it after the update finds the old object.
//
// The program runs while its memory is read, so that the pause is as short as
// without; words that lead somewhere of interest are looked at again in it.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_RUNTIME_MEMORY_SCAN_H
#define UPSTARE_RUNTIME_MEMORY_SCAN_H

#include "update.h"

namespace upstare {

/// Fills Patch.MemoryWords. StackTop: the end of the frames that are updated.
/// Where /proc cannot be read, nothing is found, and Patch.MemoryBytes is 0.
Status scanMemory(PreparedPatch &Patch, uintptr_t StackTop, ErrorText &Error);

} // namespace upstare

#endif // UPSTARE_RUNTIME_MEMORY_SCAN_H
