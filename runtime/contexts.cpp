//===- contexts.cpp - stacks that the program makes ------------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// See contexts.h. makecontext takes any number of arguments, so that it is
// jumped to. The runtime's is found before libc's: by libraries that are not
// instrumented, too.
//
//===----------------------------------------------------------------------===//

#include "contexts.h"
#include "export.h"
#include <dlfcn.h>
#include <sys/resource.h>

using namespace upstare;

extern "C" {
// Names for the assembler.
__attribute__((visibility("hidden"), used)) uintptr_t UpstareContextMaker;
__attribute__((visibility("hidden"), used)) void *UpstareMakeContext; // libc's

__attribute__((visibility("hidden"), used)) void upstareFindMakeContext() {
  UpstareMakeContext = dlsym(RTLD_NEXT, "makecontext");
}
}

/// In place of makecontext. All registers but r11 are kept.
UPSTARE_EXPORT __attribute__((naked)) void makecontext() {
  __asm__("movq (%rsp), %r11\n\t"
          "movq %r11, UpstareContextMaker(%rip)\n\t"
          "cmpq $0, UpstareMakeContext(%rip)\n\t"
          "jne 1f\n\t"
          // Nobody may have initialised anything yet.
          "pushq %rdi\n\t"
          "pushq %rsi\n\t"
          "pushq %rdx\n\t"
          "pushq %rcx\n\t"
          "pushq %r8\n\t"
          "pushq %r9\n\t"
          "pushq %rax\n\t"
          "callq upstareFindMakeContext\n\t"
          "popq %rax\n\t"
          "popq %r9\n\t"
          "popq %r8\n\t"
          "popq %rcx\n\t"
          "popq %rdx\n\t"
          "popq %rsi\n\t"
          "popq %rdi\n\t"
          "1: jmp *UpstareMakeContext(%rip)");
}

/// What instrumented code calls.
UPSTARE_EXPORT __attribute__((naked)) void upstare_makecontext() {
  __asm__("jmp makecontext");
}

uintptr_t upstare::contextMaker() { return UpstareContextMaker; }

uintptr_t upstare::OtherStackUser = 0;
MainStack upstare::TheMainStack = {0, ~uintptr_t{0}};

void upstare::setMainStack(uintptr_t Address) {
  uintptr_t Most = 128 << 20; // the kernel puts nothing nearer unasked
  rlimit Limit;
  if (!getrlimit(RLIMIT_STACK, &Limit) && Limit.rlim_cur != RLIM_INFINITY &&
      Limit.rlim_cur > Most)
    Most = Limit.rlim_cur;
  if (Address)
    TheMainStack = {Address > Most ? Address - Most : 0, Most};
  else
    TheMainStack = {0, ~uintptr_t{0}};
}
