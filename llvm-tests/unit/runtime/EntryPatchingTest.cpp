//===- EntryPatchingTest.cpp - old entries lead to new code -----*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Calls through old addresses reach the successor, with all arguments, and code
// and constants have their old protection again afterwards.
//
//===----------------------------------------------------------------------===//

#include "entry_patching.h"
#include "write_window.h"
#include "gtest/gtest.h"
#include <cstdio>
#include <cstring>
#include <string>
#include <sys/mman.h>

using namespace upstare;

/// On a page of its own, since nothing else on it can run while it is writable.
extern "C" double oldFunction(int A, double B, long C, float D);
asm(R"(
        .pushsection .text.old, "ax", @progbits
        .balign 4096
oldFunction:
        cvtsi2sd %edi, %xmm2
        addsd   %xmm2, %xmm0
        retq
        .balign 4096
        .popsection
)");
__attribute__((noinline)) static double newFunction(int A, double B, long C,
                                                    float D) {
  asm volatile("");
  return A * B * static_cast<double>(C) * D;
}
__attribute__((noinline)) static double newerFunction(int, double, long,
                                                      float) {
  asm volatile("");
  return 42;
}

/// "r-xp" for the mapping that Address is in.
static std::string permissions(const void *Address) {
  FILE *Maps = fopen("/proc/self/maps", "r");
  char Line[512], Mode[8] = "";
  unsigned long Begin, End;
  while (fgets(Line, sizeof Line, Maps))
    if (sscanf(Line, "%lx-%lx %7s", &Begin, &End, Mode) == 3 &&
        reinterpret_cast<unsigned long>(Address) - Begin < End - Begin)
      break;
  fclose(Maps);
  return Mode;
}

static void redirect(double (*From)(int, double, long, float),
                     double (*To)(int, double, long, float)) {
  EntryJump Jump = {reinterpret_cast<uintptr_t>(From),
                    reinterpret_cast<uintptr_t>(To)};
  Arena Memory;
  ErrorText Error;
  {
    WriteWindow Window(Memory);
    ASSERT_EQ(Window.open(Jump.From, UPSTARE_ENTRY_ALIGN, Error), Status::Ok)
        << Error.Text;
    EXPECT_EQ(permissions(reinterpret_cast<void *>(From)), "rw-p");
    patchEntries(&Jump, 1);
  }
  Memory.release();
  EXPECT_EQ(permissions(reinterpret_cast<void *>(From)), "r-xp");
}

TEST(EntryPatching, CallsThroughPointersReachTheSuccessor) {
  double (*volatile Pointer)(int, double, long, float) = oldFunction;
  EXPECT_EQ(Pointer(2, 3, 5, 7), 5);
  redirect(oldFunction, newFunction);
  EXPECT_EQ(Pointer(2, 3, 5, 7), 210);
  EXPECT_EQ(Pointer, oldFunction);
  redirect(oldFunction, newerFunction);
  EXPECT_EQ(Pointer(2, 3, 5, 7), 42);
}

static const char *const Constants[] = {"a", "b"};

TEST(WriteWindow, ConstantsAndOrdinaryMemory) {
  static int Ordinary;
  auto *Slot = const_cast<const char **>(&Constants[1]);
  asm volatile("" : "+r"(Slot));
  EXPECT_EQ(permissions(Slot), "r--p");
  Arena Memory;
  ErrorText Error;
  {
    WriteWindow Window(Memory);
    ASSERT_EQ(Window.open(reinterpret_cast<uintptr_t>(&Ordinary), 4, Error),
              Status::Ok);
    ASSERT_EQ(Window.open(reinterpret_cast<uintptr_t>(Slot), 8, Error),
              Status::Ok);
    ASSERT_EQ(Window.open(reinterpret_cast<uintptr_t>(&Memory), 8, Error),
              Status::Ok);
    EXPECT_EQ(permissions(Slot), "rw-p");
    *Slot = "c";
    Ordinary = 1;
  }
  Memory.release();
  EXPECT_EQ(permissions(Slot), "r--p");
  EXPECT_EQ(permissions(&Ordinary), "rw-p");
  EXPECT_STREQ(*Slot, "c");
}
