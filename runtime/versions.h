//===- versions.h - which version runs --------------------------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the process runs now: the program as it was started, or the patch that
// was applied last. Says where the functions and globals of that version are,
// which is what the next patch binds to.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_RUNTIME_VERSIONS_H
#define UPSTARE_RUNTIME_VERSIONS_H

#include "address_space.h"
#include "upstare/abi.h"
#include <stddef.h>

namespace upstare {

struct Version {
  const upstare_patch *Tables; // null: the program as started
  LoadedObject Image;          // of its code
  char Name[128];              // for people
  char PatchFile[256];         // path of the patch, likewise
  unsigned char BuildId[BuildIdBytes];
  bool HasBuildId;
  uint64_t Updates;    // committed so far
  const char *OldCode; // removed functions whose code goes on; null: none
};

const Version &currentVersion();

/// Takes the program as the current version; called once, by the constructor.
void startWithProgram();
/// Makes a patch the current version (at commit). OldCode: see Version.
void setCurrentVersion(const upstare_patch *Tables, const LoadedObject &Image,
                       const char *Name, const char *PatchFile,
                       const unsigned char *BuildId, const char *OldCode);

/// Where the current version has what a patch binds to; 0 if it has no such
/// thing. Image: the loaded object of Bind.image, if the process runs no patch.
uintptr_t resolve(const upstare_bind &Bind, const LoadedObject &Image);

} // namespace upstare

#endif // UPSTARE_RUNTIME_VERSIONS_H
