//===- program_ends.h - objects right behind others -------------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Answers: where in the program and its libraries, as linked, does an object
// that no patch knows (a string literal, a variable of another compiler) begin
// right behind a global? Later patches do not know how the program was laid
// out, but its globals may still be in use; so the answer stays from the first
// patch on.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_RUNTIME_PROGRAM_ENDS_H
#define UPSTARE_RUNTIME_PROGRAM_ENDS_H

#include "address_space.h"
#include "error.h"
#include "patch_file.h"

namespace upstare {

struct ProgramEnds {
  const uintptr_t *Addresses;
  size_t Count;
};

const ProgramEnds &programEnds();

/// Takes them from a patch for the program as started.
Status keepProgramEnds(const PatchHeader &Header, const LoadedObject *Images,
                       ErrorText &Error);

} // namespace upstare

#endif // UPSTARE_RUNTIME_PROGRAM_ENDS_H
