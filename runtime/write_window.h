//===- write_window.h - writing to read-only memory -------------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Makes pages of loaded objects writable for the moment of the commit: code
// (for jumps at entries) and constant data (for pointers that are forwarded).
// Pages are never writable and executable at once. Opening may fail and
// changes nothing then; what is open can be written to without a failure.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_RUNTIME_WRITE_WINDOW_H
#define UPSTARE_RUNTIME_WRITE_WINDOW_H

#include "address_space.h"
#include "arena.h"
#include "error.h"

namespace upstare {

class WriteWindow {
public:
  explicit WriteWindow(Arena &Memory) : Memory(Memory) {}
  /// Gives the pages back their protection.
  ~WriteWindow();
  WriteWindow(const WriteWindow &) = delete;
  WriteWindow &operator=(const WriteWindow &) = delete;

  /// Opens the pages of [Address, Address + Size), unless they are writable.
  /// Faster when addresses come in ascending order.
  Status open(uintptr_t Address, size_t Size, ErrorText &Error);

private:
  struct Area {
    AddressRange Pages;
    int Protection; // to restore
    Area *Previous;
  };
  Arena &Memory;
  Area *Last = nullptr;
  AddressRange Writable = {}; // known to be writable all along
};

} // namespace upstare

#endif // UPSTARE_RUNTIME_WRITE_WINDOW_H
