//===- memory_checker.h - what valgrind is told -----------------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Answers: how does memcheck learn that memory below a stack pointer is in use
// again? It takes all of it for gone once the frames there are, and would not
// only complain about the snapshot that is copied back, but take every local of
// the new frames for uninitialised. Costs a few instructions per update; does
// nothing outside of valgrind, or where its headers were not found.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_RUNTIME_MEMORY_CHECKER_H
#define UPSTARE_RUNTIME_MEMORY_CHECKER_H

#include <stddef.h>
#if __has_include(<valgrind/memcheck.h>)
#include <valgrind/memcheck.h>
#endif

namespace upstare {

inline bool isUnderMemoryChecker() {
#ifdef RUNNING_ON_VALGRIND
  return RUNNING_ON_VALGRIND != 0;
#else
  return false;
#endif
}

/// [Begin, Begin + Size) is about to be written to.
inline void tellUsedAgain(void *Begin, size_t Size) {
#ifdef VALGRIND_MAKE_MEM_UNDEFINED
  VALGRIND_MAKE_MEM_UNDEFINED(Begin, Size);
#endif
}

/// What is there may be uninitialised: it is only asked whether it looks like
/// an address.
inline void tellAnythingGoes(void *Begin, size_t Size) {
#ifdef VALGRIND_MAKE_MEM_DEFINED
  VALGRIND_MAKE_MEM_DEFINED(Begin, Size);
#endif
}

} // namespace upstare

#endif // UPSTARE_RUNTIME_MEMORY_CHECKER_H
