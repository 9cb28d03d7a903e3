//===- held_functions.cpp - pointers to functions, over versions -*- C++ -*-==//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Answers: does every function pointer that some version may have kept lead
// into this patch?
//
//===----------------------------------------------------------------------===//

#include "held_functions.h"
#include "patch_tables.h"
#include "versions.h"

using namespace upstare;

Status upstare::inheritHeld(PreparedPatch &Patch, ErrorText &Error) {
  const upstare_patch *Running = currentVersion().Tables;
  const upstare_patch &Next = *Patch.Tables;
  Patch.OldCode = Next.old_code;
  if (!Running || !Running->held)
    return Status::Ok;
  auto *Follows = Patch.Memory.allocateArray<bool>(Running->function_count);
  if (!Follows)
    return Error.fail(Status::OutOfMemory);
  for (uint64_t I = 0; I != Next.function_count; ++I) {
    const upstare_patch_function &F = Next.functions[I];
    const auto *Before =
        findByKey(Running->functions, Running->function_count, F.old_key);
    if (!Before || F.canonical != Before->canonical)
      continue;
    auto Index = static_cast<size_t>(Before - Running->functions);
    Follows[Index] = true;
    if (Running->held[Index] && Next.held)
      Next.held[I] = 1;
  }
  for (uint64_t I = 0; I != Running->function_count; ++I) {
    if (!Running->held[I] || Follows[I])
      continue;
    const upstare_patch_function &F = Running->functions[I];
    const auto *Removed = findByKey(Next.removed, Next.removed_count, F.key);
    if (!Removed)
      return Error.fail(
          Status::HeldFunction,
          "the new version has no code that a pointer to %s() could lead to: "
          "it is removed, or static and only called directly; say in "
          "upstare_keep of an override file what becomes of such pointers, "
          "{\"%s\"} if some are left (docs/patches.md)",
          F.name, F.name);
    if (Removed->goes_on && !Patch.OldCode)
      Patch.OldCode = F.name;
  }
  return Status::Ok;
}
