//===- symbol_names.h - names of code for people ----------------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What to call the code at an address in a message: the function and the file,
// as good as they can be known.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_RUNTIME_SYMBOL_NAMES_H
#define UPSTARE_RUNTIME_SYMBOL_NAMES_H

#include <stddef.h>
#include <stdint.h>

namespace upstare {

/// Looks names up while it exists. Maps the program's file, and allocates
/// nothing.
class SymbolNames {
public:
  SymbolNames();
  ~SymbolNames();
  SymbolNames(const SymbolNames &) = delete;
  SymbolNames &operator=(const SymbolNames &) = delete;

  /// Appends "main", "qsort in libc.so.6" or "file.so+0x12" to Buffer.
  void append(char *Buffer, size_t Size, uintptr_t Pc) const;
  /// Appends " (FILE+0x12)", which addr2line -e FILE 0x12 translates.
  static void appendPlace(char *Buffer, size_t Size, uintptr_t Pc);

private:
  /// The function of the program at Pc, from its symbol table; or null.
  const char *findInProgram(uintptr_t Pc) const;
  /// The function of the patch that runs at Pc, from its tables; or null.
  static const char *findInPatch(uintptr_t Pc);

  const char *File = nullptr; // the program's, mapped
  size_t FileSize = 0;
};

} // namespace upstare

#endif // UPSTARE_RUNTIME_SYMBOL_NAMES_H
