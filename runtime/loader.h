//===- loader.h - a patch, loaded and checked -------------------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Everything about a patch that can be done while the program runs: reading,
// binding, loading, checking its tables, and laying out what the commit will
// write. What remains for the pause cannot fail for reasons of the patch alone.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_RUNTIME_LOADER_H
#define UPSTARE_RUNTIME_LOADER_H

#include "address_space.h"
#include "arena.h"
#include "error.h"
#include "patch_file.h"
#include "upstare/abi.h"
#include <string.h>

namespace upstare {

/// A function of the current version whose entry is to jump to its successor.
struct EntryJump {
  uintptr_t From;
  uintptr_t To;
};

/// A word in memory without types, and where it leads.
struct FoundWord {
  uintptr_t Slot;
  uintptr_t Value;
};

struct ExportChange;

/// How the names begin that the dynamic linker has for patches and binders.
constexpr char LoadedPatchPrefix[] = "/proc/thread-self/fd/";

/// Whether the dynamic linker's name of an object is that of a patch or binder.
inline bool isLoadedPatch(const char *Name) {
  return !strncmp(Name, LoadedPatchPrefix, sizeof LoadedPatchPrefix - 1);
}

struct PreparedPatch {
  Arena Memory; // holds this struct too
  char Path[256];
  PatchFile File;
  char BinderName[256];
  void *Binder; // handles of the dynamic linker
  void *Handle;
  const upstare_patch *Tables;
  LoadedObject Image;
  const char *OldCode; // removed functions whose code will go on; null: none

  /// Images of OLD as loaded, in the order of the header. A process that runs a
  /// patch needs them no more.
  const LoadedObject *OldImages;
  /// Instrumented code of the version that it replaces.
  AddressRanges Instrumented;
  /// Globals that the update visits or moves, in their old storage; sorted.
  AddressRanges VisitedGlobals;
  /// Where known objects of the old version begin; sorted.
  const uintptr_t *ObjectStarts;
  size_t ObjectStartCount;
  /// Sorted by From.
  const EntryJump *Jumps;
  size_t JumpCount;
  /// What to make writable for them: each range in one segment.
  const AddressRange *JumpRuns;
  size_t JumpRunCount;

  /// How many objects had ever been loaded when outsiders were looked for.
  uint64_t ObjectsLoaded;
  /// What the dynamic linker is to find after the commit.
  const ExportChange *Exports;
  size_t ExportCount;
  /// Where the images of the program as started are loaded (outsiders.cpp).
  uintptr_t *ImageBases;

  /// The stack on which the update goes on when the thread's own is unrolled.
  void *Stack;
  size_t StackBytes;

  StackBounds StackArea; // of main

  /// Memory for the pause that the kernel has provided already. The first
  /// update that unrolls takes it.
  Arena WarmRecords;
  Arena WarmMemory;

  /// Words that lead to what may move, in the order of addresses; how much was
  /// looked through (0: it could not be read, or nothing moves).
  Arena ScanMemory; // holds them
  const FoundWord *MemoryWords;
  size_t MemoryWordCount;
  uint64_t MemoryBytes;

  uint64_t PrepareNanoseconds;

  void *stackTop() const { return static_cast<char *>(Stack) + StackBytes; }
  const char *oldName() const { return File.text(File.Header.Head->old_name); }
  const char *newName() const { return File.text(File.Header.Head->new_name); }
};

/// Whether the patch starts from the version that runs.
Status checkVersion(const PreparedPatch &Patch, ErrorText &Error);

/// Loads Patch.File: binder, patch, tables.
Status loadPatch(PreparedPatch &Patch, ErrorText &Error);

/// Unloads what was loaded, and releases Patch itself. For a patch that has
/// been committed, Keep leaves its code and data loaded.
void releasePatch(PreparedPatch *Patch, bool Keep);

} // namespace upstare

#endif // UPSTARE_RUNTIME_LOADER_H
