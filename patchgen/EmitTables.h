//===- EmitTables.h - the tables of a patch as C ----------------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Plain structs for everything in a patch's tables that is not about types, and
// the C text of the whole generated file: includes, default transformers, maps,
// tables (struct upstare_patch) and the header section that is read from the
// file. Tables are sorted here.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_PATCHGEN_EMITTABLES_H
#define UPSTARE_PATCHGEN_EMITTABLES_H

#include "Transformers.h"
#include <array>

namespace upstare::patchgen {

struct PatchFunction {
  uint64_t Key = 0; // in NEW
  std::string Name;
  /// Symbols of the patch: us.fn.<key>, or equal to EntrySymbol for a function
  /// that is new in this version.
  std::string CanonicalSymbol, EntrySymbol;
  uint64_t OldKey = 0;
  bool Held = false; // somebody may have its address
};

/// A removed function of which the user has said what becomes of pointers.
struct PatchRemoved {
  uint64_t OldKey = 0;
  bool GoesOn = false; // its old code may run
};

struct PatchGlobal {
  uint64_t Key = 0; // in NEW
  std::string Name, Symbol;
  uint64_t Size = 0;
};

struct PatchPoint {
  uint64_t OldKey = 0;
  unsigned OldPoint = 0, NewPoint = 0;
  int Frame = -1; // from Transformers::addFrame; -1: not mapped, see Reason
  std::string Where, Reason;
  uint32_t ReturnClass = 0; // enum upstare_return_class
  uint32_t Flags = 0;       // enum upstare_point_flags
};

struct PatchBind {
  uint64_t OldKey = 0;
  uint64_t NativeAddress = 0;
  std::string Symbol;
  uint32_t Kind = 0;  // enum upstare_bind_kind
  unsigned Image = 0; // in OldImages
};

struct PatchRange {
  uint64_t NativeAddress = 0, Size = 0;
  unsigned Image = 0;
};

struct PatchImage {
  std::string Name;
  std::array<uint8_t, 20> BuildId{};
};

struct PatchTables {
  std::string OldName, NewName, BinderName;
  std::array<uint8_t, 20> OldBuildId{}, NewBuildId{};
  std::vector<PatchImage> OldImages;
  std::vector<PatchFunction> Functions;
  std::vector<PatchRemoved> Removed;
  std::vector<PatchGlobal> Globals;
  std::vector<PatchPoint> Points;
  std::vector<PatchBind> Binds;
  std::vector<PatchRange> Ranges;
  std::string RequestedSymbol = "__upstare_requested";
  std::string FinishSymbol; // the user's, "": none
  StackSizes Rebuilds;      // of clones
  /// What words in memory without types may lead to; "*": anything.
  std::vector<std::string> LeftInMemory;
  std::string OldCode; // functions whose old code goes on; "": none
  uint32_t Flags = 0;  // enum upstare_patch_flags
};

/// The generated C file.
void emitPatchSource(llvm::raw_ostream &OS, PatchTables Tables,
                     const Transformers &Data, llvm::StringRef HeaderName);

} // namespace upstare::patchgen

#endif // UPSTARE_PATCHGEN_EMITTABLES_H
