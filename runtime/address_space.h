//===- address_space.h - what lies where in the process ---------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the loaded objects tell of addresses: the program's load base and build
// id, executable and read-only ranges.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_RUNTIME_ADDRESS_SPACE_H
#define UPSTARE_RUNTIME_ADDRESS_SPACE_H

#include <stddef.h>
#include <stdint.h>

namespace upstare {

constexpr uintptr_t PageBytes = 4096;

/// [Begin, End)
struct AddressRange {
  uintptr_t Begin;
  uintptr_t End;
  bool contains(uintptr_t Address) const {
    return Address - Begin < End - Begin;
  }
};

/// Sorted, disjoint ranges.
struct AddressRanges {
  const AddressRange *Ranges = nullptr;
  size_t Count = 0;
  bool contain(uintptr_t Address) const;
};

/// Puts ranges into the order that AddressRanges needs.
void sortRanges(AddressRange *Ranges, size_t Count);

/// All pages that Range has a part of.
AddressRange pagesOf(const AddressRange &Range);

constexpr size_t BuildIdBytes = 20;

/// One loaded object (program, library, patch).
struct LoadedObject {
  static constexpr size_t MaxRanges = 8;
  uintptr_t Base = 0;
  bool HasBuildId = false;
  unsigned char BuildId[BuildIdBytes] = {}; // cut or filled with zeros
  AddressRange Code[MaxRanges] = {};        // executable segments
  size_t CodeCount = 0;
  AddressRange Extent = {}; // of all segments
  /// Of its thread-local variables in the calling thread; null: none, or not
  /// given out yet.
  void *ThreadLocal = nullptr;

  /// The executable segment that Address lies in, or null.
  const AddressRange *codeSegment(uintptr_t Address) const;
  bool hasCode(uintptr_t Address) const { return codeSegment(Address); }
};

/// The object that Address lies in. False: in none.
bool findObject(uintptr_t Address, LoadedObject &Out);
/// The loaded object with this build id. Name gets the path that the dynamic
/// linker has for it ("": the program).
bool findImage(const unsigned char *BuildId, LoadedObject &Out,
               char (&Name)[256]);
/// The program itself.
const LoadedObject &theProgram();
/// This library.
const LoadedObject &theRuntime();
/// The dynamic linker.
const LoadedObject &theLinker();
/// Looks them up; called once, by the constructor.
void findOwnObjects();

/// Protection (PROT_*) of the segment that Address belongs to in a loaded
/// object, as it is after relocation; -1 if it is in none (heap, stack).
int protectionOf(uintptr_t Address);

/// "3f1c...", 40 digits and NUL.
void formatBuildId(const unsigned char *BuildId, char Out[41]);

struct StackBounds {
  uintptr_t Floor;  // lowest address that it may grow to
  uintptr_t Lowest; // that it has grown to so far
};
/// Of the stack of Address, in this thread; zeros if that cannot be known.
StackBounds stackBounds(uintptr_t Address);

} // namespace upstare

#endif // UPSTARE_RUNTIME_ADDRESS_SPACE_H
