//===- images.h - the program's linked images -------------------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which request flags there are: one in each linked image (the program, its
// instrumented shared objects, patches), read by the update points in it.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_RUNTIME_IMAGES_H
#define UPSTARE_RUNTIME_IMAGES_H

#include <stdint.h>

namespace upstare {

/// Adds the flag of an image; it is set at once if a request stands.
void addRequestFlag(int32_t *Flag);

/// A patch takes the place of the one before, whose code no longer runs: any
/// number of updates needs one entry. For a commit, with signals held back.
void replaceRequestFlag(int32_t *Before, int32_t *Flag);

/// Whether Address is in an image that has registered a flag.
bool isInstrumentedImage(uintptr_t Address);

/// Sets all flags. Async-signal-safe. An image that has been unloaded in the
/// meantime is left alone.
void setRequestFlags(int32_t Value);

} // namespace upstare

#endif // UPSTARE_RUNTIME_IMAGES_H
