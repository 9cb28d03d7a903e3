//===- ArmedBuffers.h - jmp_bufs from version to version --------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Answers: which setjmp has no counterpart in the other version, so that a
// longjmp would go to old code, or nowhere?
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_PATCHGEN_ARMEDBUFFERS_H
#define UPSTARE_PATCHGEN_ARMEDBUFFERS_H

#include "EmitFrames.h"
#include "Transformers.h"

namespace upstare::patchgen {

/// Whether M holds the address of a jmp_buf that the frame has armed, or its
/// stamp (passes/Setjmp.h).
bool isEnvironment(const Member &M);
bool isStamp(const Member &M);

/// Of a setjmp that only the new function has called at its point.
MissingSource newBuffer(const FramePair &F, const FrameMember &New);

/// Of each setjmp that only the old one has called; after the sources at these
/// points have been found.
std::vector<MissingSource> lostBuffers(const FramePair &F, const Point &Before,
                                       const Point &After);

/// The instructions of F that copy a jmp_buf, by itself or in a struct, as far
/// as types show it. A copy is not armed again.
std::vector<const llvm::Instruction *> bufferCopies(const llvm::Function &F);

} // namespace upstare::patchgen

#endif // UPSTARE_PATCHGEN_ARMEDBUFFERS_H
