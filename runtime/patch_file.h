//===- patch_file.h - a patch before it is loaded ---------------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What a patch file says of itself, read with every byte in doubt: the file may
// be anything. Nothing of it runs before it has passed here.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_RUNTIME_PATCH_FILE_H
#define UPSTARE_RUNTIME_PATCH_FILE_H

#include "error.h"
#include "upstare/abi.h"
#include <stddef.h>

namespace upstare {

/// The header section, inside the bytes of the file. All offsets and counts in
/// it have been checked.
struct PatchHeader {
  const upstare_patch_header *Head;
  const upstare_old_image *Images;
  const upstare_bind *Binds;
  const upstare_range *Ranges;
  const char *Strings;

  const char *text(uint32_t Offset) const { return Strings + Offset; }
};

/// Checks that the Size bytes (8-aligned) are a patch made for this runtime,
/// and finds its header.
Status parsePatch(const char *Bytes, size_t Size, PatchHeader &Out,
                  ErrorText &Error);

/// The string of the DT_NEEDED entry Name in the bytes of a parsed patch; null
/// if there is none.
char *findNeeded(char *Bytes, size_t Size, const char *Name);

/// A private copy of the file in a memfd: no one can change it any more, and
/// the dynamic linker takes it for a new object even if the same file was
/// loaded before. Plain data.
struct PatchFile {
  int Fd;
  char *Bytes; // mapped shared: writing here changes the copy
  size_t Size;
  PatchHeader Header;

  const char *text(uint32_t Offset) const { return Header.text(Offset); }
};

/// Whether the open file can be trusted: a regular file of this user or of
/// root that nobody else may write.
Status checkOwner(int Fd, ErrorText &Error);

/// Checks, copies and parses the open file.
Status readPatchFile(int Fd, PatchFile &Out, ErrorText &Error);
void closePatchFile(PatchFile &File);

} // namespace upstare

#endif // UPSTARE_RUNTIME_PATCH_FILE_H
