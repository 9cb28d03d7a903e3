//===- images.cpp - the program's linked images -----------------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Answers: where are the request flags?
//
//===----------------------------------------------------------------------===//

#include "images.h"
#include "arena.h"
#include "export.h"
#include "update_point.h"
#include "upstare/abi.h"
#include <atomic>
#include <dlfcn.h>

using namespace upstare;

namespace {

/// Constructors of shared objects may run in any thread, and setRequestFlags()
/// in a signal handler: entries are filled first and counted then.
struct ImageEntry {
  int32_t *Flag;
  void *MapStart; // of the object that holds it
};

constexpr unsigned TableEntries = 256;
ImageEntry Table[TableEntries];
std::atomic<unsigned> Reserved;
std::atomic<unsigned> Count;

void *mapStartOf(void *Address) {
  // Lock-free, so that it can be called in a signal handler (dladdr cannot).
  dl_find_object Object;
  return _dl_find_object(Address, &Object) ? nullptr : Object.dlfo_map_start;
}

} // namespace

static void setToPending(int32_t *Flag) {
  __atomic_store_n(Flag, __atomic_load_n(&RequestPending, __ATOMIC_SEQ_CST),
                   __ATOMIC_SEQ_CST);
}

void upstare::addRequestFlag(int32_t *Flag) {
  for (unsigned I = 0, N = Count.load(); I != N; ++I)
    if (Table[I].Flag == Flag) {
      // A library where one was that is unloaded.
      __atomic_store_n(&Table[I].MapStart, mapStartOf(Flag), __ATOMIC_SEQ_CST);
      setToPending(Flag);
      return;
    }
  unsigned Index = Reserved.fetch_add(1);
  if (Index >= TableEntries)
    return; // its frames are reached through the update points of the others
  Table[Index] = {Flag, mapStartOf(Flag)};
  // Two constructors at once are possible only in different threads: wait for
  // the one before.
  while (Count.load() != Index)
    __builtin_ia32_pause();
  Count.store(Index + 1);
  setToPending(Flag);
}

void upstare::replaceRequestFlag(int32_t *Before, int32_t *Flag) {
  for (unsigned I = 0, N = Count.load(); Before && I != N; ++I)
    if (Table[I].Flag == Before) {
      Table[I] = {Flag, mapStartOf(Flag)};
      *Flag = __atomic_load_n(&RequestPending, __ATOMIC_SEQ_CST);
      return;
    }
  addRequestFlag(Flag);
}

bool upstare::isInstrumentedImage(uintptr_t Address) {
  void *Start = mapStartOf(reinterpret_cast<void *>(Address));
  for (unsigned I = 0, N = Count.load(); Start && I != N; ++I)
    if (Table[I].MapStart == Start)
      return true;
  return false;
}

void upstare::setRequestFlags(int32_t Value) {
  for (unsigned I = 0, N = Count.load(); I != N; ++I)
    if (mapStartOf(Table[I].Flag) == Table[I].MapStart)
      __atomic_store_n(Table[I].Flag, Value, __ATOMIC_SEQ_CST);
}

UPSTARE_EXPORT void upstare_register_image(upstare_image *Image) {
  if (Image && Image->abi_version == UPSTARE_ABI_VERSION &&
      Image->size >= sizeof(upstare_image))
    addRequestFlag(Image->requested);
}
