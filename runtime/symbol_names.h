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

#include <link.h>
#include <stddef.h>
#include <stdint.h>

namespace upstare {

/// Looks names up while it exists. Maps the files of the objects, allocates
/// nothing and takes no lock: it may be used in a signal handler.
class SymbolNames {
public:
  SymbolNames() = default;
  ~SymbolNames();
  SymbolNames(const SymbolNames &) = delete;
  SymbolNames &operator=(const SymbolNames &) = delete;

  /// Appends "main", "qsort in libc.so.6" or "file.so+0x12" to Buffer.
  void append(char *Buffer, size_t Size, uintptr_t Pc) const;
  /// Appends " (FILE+0x12)", which addr2line -e FILE 0x12 translates.
  static void appendPlace(char *Buffer, size_t Size, uintptr_t Pc);

private:
  /// The function at Pc, from the symbol tables of its file; or null.
  const char *findInFile(const link_map &Object, uintptr_t Pc) const;
  const char *findInTable(uintptr_t Address, uint32_t Type) const;
  /// The function of the patch that runs at Pc, from its tables; or null.
  static const char *findInPatch(uintptr_t Pc);
  static void appendOffset(char *Buffer, size_t Size, const link_map &Object,
                           uintptr_t Pc);
  void map(const link_map &Object) const;
  void unmap() const;

  // The file of the latest object: the next address is often in the same one.
  mutable const link_map *Mapped = nullptr;
  mutable const char *File = nullptr; // null: it cannot be read
  mutable size_t FileSize = 0;
};

} // namespace upstare

#endif // UPSTARE_RUNTIME_SYMBOL_NAMES_H
