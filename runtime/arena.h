//===- arena.h - memory that is released all at once ------------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Where the runtime's own memory comes from: chunks straight from the kernel,
// because the program's allocator may be anything and need not be usable while
// parked. Plain data: an Arena of zeros is an empty one.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_RUNTIME_ARENA_H
#define UPSTARE_RUNTIME_ARENA_H

#include <stddef.h>
#include <stdint.h>

namespace upstare {

class Arena {
public:
  /// Size bytes of zeros, or null.
  void *allocate(size_t Size, size_t Align = 16);
  template <typename T> T *allocateArray(size_t Count) {
    size_t Bytes;
    if (__builtin_mul_overflow(Count, sizeof(T), &Bytes))
      return nullptr;
    return static_cast<T *>(allocate(Bytes, alignof(T)));
  }
  /// Makes sure that cursor() has Size bytes of zeros. False: no memory.
  bool reserve(size_t Size);
  /// Likewise, and lets the kernel provide the first Touched of them now
  /// rather than in the pause.
  bool prefault(size_t Size, size_t Touched);
  char *cursor() const { return Next; }
  /// Takes what someone has written at cursor() up to End.
  void takeUntil(char *End) { Next = End; }
  /// NUL-terminated copy of Text, or null.
  char *copyText(const char *Text);
  /// Calls Visit(begin, size) for each piece of memory, until it says false.
  template <typename Function> bool forEachChunk(Function Visit) const {
    for (const Chunk *C = Last; C; C = C->Previous)
      if (!Visit(reinterpret_cast<uintptr_t>(C), C->Size))
        return false;
    return true;
  }
  /// Bytes taken so far, alignment included.
  size_t used() const { return Used + static_cast<size_t>(Next - Start); }
  void release();

private:
  struct Chunk {
    Chunk *Previous;
    size_t Size;
  };
  bool grow(size_t Size);

  Chunk *Last = nullptr;
  char *Start = nullptr; // of the use of the last chunk
  char *Next = nullptr;
  char *End = nullptr;
  size_t Used = 0; // in earlier chunks
};

/// Anonymous memory without swap reservation and without huge pages (whose
/// clearing would show in the pause); null if there is none.
void *mapMemory(size_t Size);
void unmapMemory(void *Memory, size_t Size);

/// Sorts Count elements in place, without memory and without recursion: the
/// runtime links no C++ library, and libc's qsort allocates.
template <typename T, typename Less>
void heapSort(T *Elements, size_t Count, Less IsLess) {
  auto siftDown = [&](size_t Root, size_t Limit) {
    for (size_t Child; (Child = 2 * Root + 1) < Limit; Root = Child) {
      if (Child + 1 < Limit && IsLess(Elements[Child], Elements[Child + 1]))
        ++Child;
      if (!IsLess(Elements[Root], Elements[Child]))
        return;
      T Swapped = Elements[Root];
      Elements[Root] = Elements[Child];
      Elements[Child] = Swapped;
    }
  };
  for (size_t I = Count / 2; I-- > 0;)
    siftDown(I, Count);
  for (size_t Limit = Count; Limit-- > 1;) {
    T Swapped = Elements[0];
    Elements[0] = Elements[Limit];
    Elements[Limit] = Swapped;
    siftDown(0, Limit);
  }
}

/// Index of the first of Count sorted elements for which IsBefore is false.
template <typename T, typename Before>
size_t lowerBound(const T *Elements, size_t Count, Before IsBefore) {
  size_t Low = 0;
  while (Low < Count) {
    size_t Middle = Low + (Count - Low) / 2;
    if (IsBefore(Elements[Middle]))
      Low = Middle + 1;
    else
      Count = Middle;
  }
  return Low;
}

} // namespace upstare

#endif // UPSTARE_RUNTIME_ARENA_H
