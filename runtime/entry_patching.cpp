//===- entry_patching.cpp - old entries lead to new code --------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Answers: which bytes at an old entry lead to the new one?
//
//===----------------------------------------------------------------------===//

#include "entry_patching.h"
#include <string.h>

using namespace upstare;

/// jmp *0(%rip), followed by the address: uses no register, reaches anywhere.
static constexpr unsigned char JumpOpcode[] = {0xff, 0x25, 0, 0, 0, 0};
static constexpr size_t JumpBytes = sizeof JumpOpcode + sizeof(uint64_t);
static_assert(JumpBytes == UPSTARE_ENTRY_BYTES &&
                  JumpBytes <= UPSTARE_ENTRY_ALIGN,
              "the alignment must leave room for the jump");

void upstare::patchEntries(const EntryJump *Jumps, size_t Count) {
  for (size_t I = 0; I != Count; ++I) {
    auto *Entry = reinterpret_cast<unsigned char *>(Jumps[I].From);
    uint64_t Target = Jumps[I].To;
    memcpy(Entry, JumpOpcode, sizeof JumpOpcode);
    memcpy(Entry + sizeof JumpOpcode, &Target, sizeof Target);
  }
}
