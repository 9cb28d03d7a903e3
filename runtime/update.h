//===- update.h - the state of one update -----------------------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Everything that belongs to an update from the moment its thread is parked
// until its report is sent. There is one at a time.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_RUNTIME_UPDATE_H
#define UPSTARE_RUNTIME_UPDATE_H

#include "arena.h"
#include "loader.h"
#include "report.h"
#include "snapshot.h"
#include "thread.h"
#include "unroll.h"
#include "upstare/upstare.h"

namespace upstare {

/// An object whose storage changes.
struct MovedObject {
  uintptr_t Old;
  uintptr_t New;
  const upstare_type_map *Type;
  const char *Name;
};

/// A write to storage that stays, made at commit.
struct DeferredWrite {
  void *Slot;
  void *Value;
};

/// A frame of the new version.
struct NewFrame {
  const upstare_point_map *Point;
  upstare_frame *Record;
};

/// A growing array in an arena; old copies stay there until it is released.
template <typename T> struct ArenaVector {
  T *Elements = nullptr;
  size_t Count = 0;
  size_t Capacity = 0;

  bool append(Arena &Memory, const T &Element) {
    if (Count == Capacity) {
      size_t Larger = Capacity ? 2 * Capacity : 64;
      T *Grown = Memory.allocateArray<T>(Larger);
      if (!Grown)
        return false;
      for (size_t I = 0; I != Count; ++I)
        Grown[I] = Elements[I];
      Elements = Grown;
      Capacity = Larger;
    }
    Elements[Count++] = Element;
    return true;
  }
  T &operator[](size_t I) { return Elements[I]; }
  const T &operator[](size_t I) const { return Elements[I]; }
};

} // namespace upstare

/// What transformers get to hand back to upstare_forward() and its kin.
struct upstare_update {
  upstare::Thread *T;
  upstare::PreparedPatch *Patch;
  upstare::UpdateReport *Report;
  /// Called when the update is over, in the thread that was updated.
  void (*Finished)(upstare_update &);

  upstare::PhaseClock Clock;
  uint64_t PauseBegan;
  upstare::SavedContext *Context; // where an abort goes on
  upstare::SavedContext Modes;    // a copy of *Context
  upstare::Snapshot Stack;
  upstare::Unroll Unrolled;

  unsigned TemporaryThreads; // the runtime's own, beside T
  bool IsBlocked;            // in a call, of which the record follows
  upstare::BlockedCallRecord Blocked;

  // The transformation.
  upstare::Arena Memory;
  upstare::NewFrame *Frames; // innermost first, as Unrolled.Frames
  upstare::ArenaVector<upstare::MovedObject> Moved; // sorted by Old
  upstare::ArenaVector<uintptr_t> StackObjects;     // pinned, in place; sorted
  upstare::ArenaVector<upstare::DeferredWrite> Writes;
  upstare::KeptStack Kept; // with storage of stack objects that have moved
  uintptr_t NewCallSp;     // below it
  const char *Subject;     // what is being transformed, for messages
  uint32_t Point;          // old number, of the frame that is being converted
  bool Failed;             // Report->Message says why
  char WordPlaces[1024];   // words that may be pointers, undecided
};

#endif // UPSTARE_RUNTIME_UPDATE_H
