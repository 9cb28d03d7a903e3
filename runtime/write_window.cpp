//===- write_window.cpp - writing to read-only memory -----------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Answers: how does the commit write where the program may not?
//
//===----------------------------------------------------------------------===//

#include "write_window.h"
#include <sys/mman.h>

using namespace upstare;

WriteWindow::~WriteWindow() {
  for (Area *A = Last; A; A = A->Previous)
    mprotect(reinterpret_cast<void *>(A->Pages.Begin),
             A->Pages.End - A->Pages.Begin, A->Protection);
}

Status WriteWindow::open(uintptr_t Address, size_t Size, ErrorText &Error) {
  AddressRange Pages = pagesOf({Address, Address + Size});
  auto isIn = [&](const AddressRange &R) {
    return Pages.Begin >= R.Begin && Pages.End <= R.End;
  };
  if (isIn(Writable) || (Last && isIn(Last->Pages)))
    return Status::Ok;
  // Pages of neighbouring addresses differ at most in the first one.
  if (Last && Pages.Begin < Last->Pages.End && Pages.End > Last->Pages.End)
    Pages.Begin = Last->Pages.End;
  int Protection = protectionOf(Address);
  if (Protection < 0 || (Protection & PROT_WRITE)) {
    Writable = Pages;
    return Status::Ok;
  }
  auto *New = static_cast<Area *>(Memory.allocate(sizeof(Area)));
  if (!New)
    return Error.fail(Status::OutOfMemory);
  if (mprotect(reinterpret_cast<void *>(Pages.Begin), Pages.End - Pages.Begin,
               PROT_READ | PROT_WRITE))
    return Error.failErrno(Status::System, "making 0x%zx writable",
                           static_cast<size_t>(Pages.Begin));
  if (Last && Last->Pages.End == Pages.Begin &&
      Last->Protection == Protection) {
    Last->Pages.End = Pages.End;
    return Status::Ok;
  }
  *New = {Pages, Protection, Last};
  Last = New;
  return Status::Ok;
}
