//===- Instrument.h - the early stage over a whole program -------*- C++
//-*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which frames and continuation points does each function have? OLD goes
// through the early stage for that alone; NEW gets its rebuild clones too, and
// is what the patch is built from.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_PATCHGEN_INSTRUMENT_H
#define UPSTARE_PATCHGEN_INSTRUMENT_H

#include "Extract.h"
#include "llvm/IR/InlineAsm.h"
#include <functional>

namespace upstare::patchgen {

/// Calls Work for each unit, Jobs at a time; joins the errors.
llvm::Error forEachUnit(Program &P, unsigned Jobs,
                        const std::function<llvm::Error(Unit &)> &Work);

/// Runs the early stage on all modules and enters the shapes into
/// Program::Functions.
llvm::Error instrument(Program &P, bool RebuildClones, unsigned Jobs);

/// "server.c:12", where the function begins, with the base name of the file;
/// "server.c" if it has no debug information.
std::string placeOf(const FunctionDef &F);
/// "server.c:120", with the base name of the file.
std::string placeIn(const FunctionShape &Shape, unsigned Line);
/// "server.c:120: in function 'main'".
std::string placeInFunction(const FunctionShape &Shape, unsigned Line);
/// "in main() (server.c:120)".
std::string placeOf(const llvm::Instruction &I);

/// The assembler code that I consists of, or null.
const llvm::InlineAsm *assemblerIn(const llvm::Instruction &I);
/// "main (server.c:120)".
std::string describePoint(const FunctionShape &Shape, const Point &P);

} // namespace upstare::patchgen

#endif // UPSTARE_PATCHGEN_INSTRUMENT_H
