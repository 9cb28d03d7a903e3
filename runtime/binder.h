//===- binder.h - symbols for a patch ---------------------------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Through which the undefined symbols of a patch get the addresses of what is
// in the process already. They are often static in the program, so no object
// exports them: the binder is a shared object that consists of nothing but
// absolute symbols. The dynamic linker does the rest, in code, in tables and in
// initialisers alike.
//
// A function of which the process has no code is known by a stub in the binder,
// whose jump the commit writes, as it does with entries of functions.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_RUNTIME_BINDER_H
#define UPSTARE_RUNTIME_BINDER_H

#include "error.h"
#include <stddef.h>
#include <stdint.h>

namespace upstare {

struct BoundSymbol {
  const char *Name;
  uintptr_t Address; // 0: a stub in the binder
};

/// Writes the binder with DT_SONAME Name into a new memfd and returns it in
/// Fd.
Status writeBinder(const char *Name, const BoundSymbol *Symbols, size_t Count,
                   int &Fd, ErrorText &Error);

} // namespace upstare

#endif // UPSTARE_RUNTIME_BINDER_H
