//===- sweep.h - what the sweep programs share ------------------*- C -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===--------------------------------------------------------------------===//
//
// Each program runs once for every update point that it reaches, is updated
// there with itself, and must print what it prints without an update. Values
// that an update could lose end up in a checksum.
//
//===--------------------------------------------------------------------===//

#ifndef SWEEP_H
#define SWEEP_H

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define NOINLINE __attribute__((noinline, unused))

// One update point, in a frame of its own: a loop that cannot be counted.
static volatile int two = 2;
NOINLINE static void point(void) {
  int i = 0;
  do
    i++;
  while (i < two);
}

// The same with a value that the optimiser knows nothing of.
NOINLINE static long opaque(long value) {
  int i = 0;
  do
    i++;
  while (i < two);
  return value * i;
}

static uint64_t checksum = 14695981039346656037u;

static inline void mix_bytes(const void *bytes, size_t size) {
  const unsigned char *p = bytes;
  for (size_t i = 0; i < size; i++)
    checksum = (checksum ^ p[i]) * 1099511628211u;
}

static inline void mix(long value) { mix_bytes(&value, sizeof value); }
static inline void mix_double(double value) {
  mix_bytes(&value, sizeof value);
}

// One line of output; `what` says which part of the program it is about.
static inline void report(const char *what) {
  printf("%s %016llx\n", what, (unsigned long long)checksum);
}

#endif
