//===- patch_tables.h - are the patch's tables in order? --------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Sanity checks of a loaded patch's tables, and what can be computed from them
// before the pause.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_RUNTIME_PATCH_TABLES_H
#define UPSTARE_RUNTIME_PATCH_TABLES_H

#include "address_space.h"
#include "arena.h"
#include "error.h"
#include "upstare/abi.h"

namespace upstare {

struct PreparedPatch;

/// Whether the tables keep the rules of abi.def that lookups rely on.
Status checkTables(const upstare_patch &Tables, const LoadedObject &Image,
                   ErrorText &Error);

/// Fills Patch.Jumps and Patch.VisitedGlobals.
Status planCommit(PreparedPatch &Patch, ErrorText &Error);

/// The row of a table sorted by key, or null.
template <typename Row>
const Row *findByKey(const Row *Table, size_t Count, uint64_t Key) {
  size_t I =
      lowerBound(Table, Count, [&](const Row &R) { return R.key < Key; });
  return I != Count && Table[I].key == Key ? &Table[I] : nullptr;
}

/// Where the frame at (Key, Point) of the old version goes on, or null.
const upstare_point_map *findPoint(const upstare_patch &Tables, uint64_t Key,
                                   uint32_t Point);

} // namespace upstare

#endif // UPSTARE_RUNTIME_PATCH_TABLES_H
