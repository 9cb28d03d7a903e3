//===- unroll.h - taking a stack apart --------------------------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The forced unwind that makes each frame of a thread write its record. It runs
// on the stack that it takes apart; whatever comes next runs on another one.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_RUNTIME_UNROLL_H
#define UPSTARE_RUNTIME_UNROLL_H

#include "address_space.h"
#include "arena.h"
#include "error.h"
#include "thread.h"
#include "upstare/abi.h"

namespace upstare {

/// One record, and the stack pointer of the physical frame that wrote it (the
/// lowest address that belongs to the frame).
struct UnrolledFrame {
  upstare_frame *Record;
  uintptr_t Sp;
};

struct Unroll {
  Thread *T;
  const AddressRanges *Instrumented;
  void *StackTop;         // of the stack to go on on
  void (*Landed)(void *); // there; Argument is Owner
  void *Owner;
  ErrorText *Why; // set when Result is not Ok

  // Results.
  Status Result;
  Arena Records;
  Arena Index;
  UnrolledFrame *Frames; // innermost first
  size_t Count;
  size_t Capacity;

  // State of the walk.
  uintptr_t FrameSp;
  uintptr_t FramePc;
  bool FrameHasRecord;
  char *Taken; // records before it are in Frames
};

/// Unrolls the calling thread and continues in Landed, with Result telling
/// whether it went down to the root. Does not return.
[[noreturn]] void unroll(Unroll &U);

/// Lets the unwinder come into memory: its first use is slow.
void warmUpUnwinder();

} // namespace upstare

#endif // UPSTARE_RUNTIME_UNROLL_H
