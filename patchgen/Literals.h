//===- Literals.h - string literals go on -----------------------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which string literals of a program must keep their address? In
//     static const char *const Idle = "idle";
//     if (connection->state == Idle) ...
// the compiler sees the literal alone, and `state` was set by the old version.
// So a literal of NEW that OLD has, too, is OLD's, unless all that is done with
// it is reading.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_PATCHGEN_LITERALS_H
#define UPSTARE_PATCHGEN_LITERALS_H

#include "Plan.h"
#include "Problems.h"

namespace upstare::patchgen {

/// Those of P's modules, as stored, whose addresses may matter. The next patch
/// finds the same ones, and relies on this one to pass them on.
std::map<uint64_t, LiteralDef> findLiterals(const Program &P);

/// The symbol of a literal in a patch.
std::string literalSymbol(uint64_t Key);

/// Whether OLD has the literal.
bool isBoundLiteral(const Program &Old, uint64_t Key);

/// In a module of NEW: makes OLD's literals foreign, and the others symbols of
/// the patch, of which all of its modules have one.
void bindLiterals(llvm::Module &M, const Program &Old, const Program &New);

/// A pointer to a literal whose text changes stays what it is: tells of
/// functions that compare pointers with the new one.
void warnOfComparedLiterals(const Program &Old, const Program &New,
                            const ProgramMatch &Match, Problems &Out);

} // namespace upstare::patchgen

#endif // UPSTARE_PATCHGEN_LITERALS_H
