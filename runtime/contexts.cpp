//===- contexts.cpp - stacks that the program makes ------------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// See contexts.h. makecontext takes any number of arguments, so that it is
// jumped to.
//
//===----------------------------------------------------------------------===//

#include "contexts.h"
#include "export.h"

extern "C" {
__attribute__((visibility("hidden"), used)) uintptr_t
    UpstareContextMaker; // the assembler's name for it
}

/// In place of makecontext in instrumented code. All registers but r11 are
/// kept.
UPSTARE_EXPORT __attribute__((naked)) void upstare_makecontext() {
  __asm__("movq (%rsp), %r11\n\t"
          "movq %r11, UpstareContextMaker(%rip)\n\t"
          "jmp *makecontext@GOTPCREL(%rip)");
}

uintptr_t upstare::contextMaker() { return UpstareContextMaker; }
