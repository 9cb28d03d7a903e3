//===- arena.cpp - memory that is released all at once ----------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Answers: where does the runtime's own memory come from?
//
//===----------------------------------------------------------------------===//

#include "arena.h"
#include "address_space.h"
#include <string.h>
#include <sys/mman.h>

using namespace upstare;

static constexpr size_t ChunkBytes = 256 * 1024;
static constexpr size_t HugePageBytes = 2 * 1024 * 1024;

void *upstare::mapMemory(size_t Size) {
  void *Memory = mmap(nullptr, Size, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (Memory == MAP_FAILED)
    return nullptr;
  if (Size >= HugePageBytes)
    madvise(Memory, Size, MADV_NOHUGEPAGE);
  return Memory;
}

void upstare::unmapMemory(void *Memory, size_t Size) { munmap(Memory, Size); }

bool Arena::grow(size_t Size) {
  if (Size > SIZE_MAX / 2)
    return false;
  size_t Bytes =
      Size + sizeof(Chunk) < ChunkBytes ? ChunkBytes : Size + sizeof(Chunk);
  Bytes = (Bytes + PageBytes - 1) & ~(PageBytes - 1);
  auto *New = static_cast<Chunk *>(mapMemory(Bytes));
  if (!New)
    return false;
  New->Previous = Last;
  New->Size = Bytes;
  Used += static_cast<size_t>(Next - Start);
  Last = New;
  Start = Next = reinterpret_cast<char *>(New + 1);
  End = reinterpret_cast<char *>(New) + Bytes;
  return true;
}

bool Arena::reserve(size_t Size) {
  if (static_cast<size_t>(End - Next) >= Size)
    return true;
  // Records are small and their bound is large: several bounds a chunk, or a
  // deep stack would map one chunk for every few frames.
  return grow(4 * Size);
}

bool Arena::prefault(size_t Size, size_t Touched) {
  if (!reserve(Size))
    return false;
  memset(Next, 0, Touched);
  return true;
}

void *Arena::allocate(size_t Size, size_t Align) {
  auto pad = [&] { return -reinterpret_cast<uintptr_t>(Next) & (Align - 1); };
  if (Size > SIZE_MAX / 2 - Align)
    return nullptr;
  if (static_cast<size_t>(End - Next) < Size + pad() && !grow(Size + Align))
    return nullptr;
  char *Result = Next + pad();
  Next = Result + Size;
  return Result;
}

char *Arena::copyText(const char *Text) {
  size_t Size = strlen(Text) + 1;
  auto *Copy = static_cast<char *>(allocate(Size, 1));
  return Copy ? static_cast<char *>(memcpy(Copy, Text, Size)) : nullptr;
}

void Arena::release() {
  while (Chunk *C = Last) {
    Last = C->Previous;
    unmapMemory(C, C->Size);
  }
  *this = Arena();
}
