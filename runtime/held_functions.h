//===- held_functions.h - pointers to functions, over versions --*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A patch is made from two versions, and knows which functions' addresses these
// use as values. What the versions before did, only the process knows: a
// pointer that the first one made may still be there when the tenth comes.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_RUNTIME_HELD_FUNCTIONS_H
#define UPSTARE_RUNTIME_HELD_FUNCTIONS_H

#include "error.h"
#include "loader.h"

namespace upstare {

/// Passes on to the patch which functions may be held. Fails if there is one
/// for whose address the patch has nothing, and its user did not know.
Status inheritHeld(PreparedPatch &Patch, ErrorText &Error);

} // namespace upstare

#endif // UPSTARE_RUNTIME_HELD_FUNCTIONS_H
