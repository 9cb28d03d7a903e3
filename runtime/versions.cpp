//===- versions.cpp - which version runs ------------------------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Answers: where is the function or global of that key now?
//
//===----------------------------------------------------------------------===//

#include "versions.h"
#include "patch_tables.h"
#include <stdio.h>
#include <string.h>
#include <unistd.h>

using namespace upstare;

static Version Current;

const Version &upstare::currentVersion() { return Current; }

void upstare::startWithProgram() {
  Current.Image = theProgram();
  Current.HasBuildId = theProgram().HasBuildId;
  memcpy(Current.BuildId, theProgram().BuildId, BuildIdBytes);
  char Path[4096];
  ssize_t Length = readlink("/proc/self/exe", Path, sizeof Path - 1);
  if (Length < 0)
    Length = 0;
  Path[Length] = 0;
  snprintf(Current.Name, sizeof Current.Name, "%s", basename(Path));
}

void upstare::setCurrentVersion(const upstare_patch *Tables,
                                const LoadedObject &Image, const char *Name,
                                const char *PatchFile,
                                const unsigned char *BuildId,
                                const char *OldCode) {
  Current.Tables = Tables;
  // What went on before still does; the first is enough to be named.
  if (!Current.OldCode)
    Current.OldCode = OldCode;
  Current.Image = Image;
  snprintf(Current.Name, sizeof Current.Name, "%s", Name);
  snprintf(Current.PatchFile, sizeof Current.PatchFile, "%s", PatchFile);
  memcpy(Current.BuildId, BuildId, BuildIdBytes);
  Current.HasBuildId = true;
  ++Current.Updates;
}

/// Its variables' distance from the thread pointer. Only those of an image that
/// was there at the start have the same in every thread; of others, a thread
/// that never used them has none.
static uintptr_t threadLocalBase(const LoadedObject &Image) {
  auto ThreadPointer = reinterpret_cast<uintptr_t>(__builtin_thread_pointer());
  return reinterpret_cast<uintptr_t>(Image.ThreadLocal) - ThreadPointer;
}

uintptr_t upstare::resolve(const upstare_bind &Bind,
                           const LoadedObject &Image) {
  const upstare_patch *Tables = Current.Tables;
  if (!Tables && Bind.kind == UPSTARE_BIND_THREAD_LOCAL)
    return Image.ThreadLocal ? threadLocalBase(Image) + Bind.native_address : 0;
  if (!Tables || Bind.kind == UPSTARE_BIND_NATIVE)
    return Bind.native_address ? Image.Base + Bind.native_address : 0;
  if (Bind.kind == UPSTARE_BIND_GLOBAL ||
      Bind.kind == UPSTARE_BIND_THREAD_LOCAL) {
    const auto *G =
        findByKey(Tables->globals, Tables->global_count, Bind.old_key);
    return G ? reinterpret_cast<uintptr_t>(G->address) : 0;
  }
  const auto *F =
      findByKey(Tables->functions, Tables->function_count, Bind.old_key);
  return F ? reinterpret_cast<uintptr_t>(F->canonical) : 0;
}
