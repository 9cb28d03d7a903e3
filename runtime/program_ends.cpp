//===- program_ends.cpp - objects right behind others -----------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// See program_ends.h.
//
//===----------------------------------------------------------------------===//

#include "program_ends.h"
#include "arena.h"

using namespace upstare;

static Arena Memory;
static ProgramEnds Ends;

const ProgramEnds &upstare::programEnds() { return Ends; }

Status upstare::keepProgramEnds(const PatchHeader &Header,
                                const LoadedObject *Images, ErrorText &Error) {
  uint32_t Count = Header.Head->bind_count;
  size_t Kept = 0;
  for (uint32_t I = 0; I != Count; ++I)
    Kept += Header.Binds[I].kind == UPSTARE_BIND_END;
  Ends = {nullptr, 0};
  Memory.release();
  if (!Kept)
    return Status::Ok;
  auto *Addresses = Memory.allocateArray<uintptr_t>(Kept);
  if (!Addresses)
    return Error.fail(Status::OutOfMemory);
  for (uint32_t I = 0; I != Count; ++I)
    if (const upstare_bind &B = Header.Binds[I]; B.kind == UPSTARE_BIND_END)
      Addresses[Ends.Count++] = Images[B.image].Base + B.native_address;
  Ends.Addresses = Addresses;
  return Status::Ok;
}
