//===- Transformers.h - data of one version into the next -------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What happens to each global and each frame, and the C text that does it: the
// one class that the rest of patchgen needs for types. Order of use:
//
//   addModule (all, both versions, after the early stage), setOverrides
//   → addGlobal, addFrame, missingSources in any order
//   → finish (now it is known whether anything moves)
//   → problems; emitHeader, emitDefaults, emitMaps
//
// The emitted functions that a user may define instead ("overridable", in the
// header, weak in the defaults):
//   void upstare_type_<id>(const struct old_X *, struct new_X *, update)
//   void upstare_global_<id>(const OLD *from, NEW *to, update)
//   void upstare_frame_<id>(const struct old_frame_<id> *,
//                           struct new_frame_<id> *, update)
// and, without a default, for locals that have no source:
//   void upstare_init_<id>__<variable>(arguments of upstare_frame_<id>)
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_PATCHGEN_TRANSFORMERS_H
#define UPSTARE_PATCHGEN_TRANSFORMERS_H

#include "EmitWords.h"
#include "Problems.h"
#include "Shape.h"
#include "StackSizes.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/raw_ostream.h"

namespace llvm {
class DataLayout;
class GlobalVariable;
} // namespace llvm

namespace upstare::patchgen {

enum class Version;
class TransformerState;

/// A global that exists in both versions.
struct GlobalPair {
  std::string Name; // as in the source, for messages and identifiers
  uint64_t NewKey = 0;
  const llvm::GlobalVariable *Old = nullptr; // types come from their !dbg,
  const llvm::GlobalVariable *New = nullptr; // else from the IR
  /// Symbols of the patch: its storage in NEW (stays: as bound); of its old
  /// storage if it moves.
  std::string Symbol, OldSymbol;
  /// Constant data whose contents are those of NEW: it moves, pointers into it
  /// are forwarded, and nothing is copied.
  bool KeepInitializer = false;
  /// Moves though its type and alignment do not ask for it.
  bool Elsewhere = false;
};

/// A member that is live at a new point and has no value there.
struct MissingSource {
  std::string Function, File;
  unsigned Line = 0;      // of the variable
  std::string Variable;   // or what else is missing
  std::string What;       // "variable 'x' has no value when …"
  std::string Reason;     // "not live at point 3 of the old version", …
  std::string Suggestion; // what to define
};

class Transformers {
public:
  Transformers();
  ~Transformers();

  void addModule(Version V, const llvm::Module &M);
  /// Names of the functions that the override file defines.
  void setOverrides(llvm::StringSet<> Defined);

  /// The user's upstare_words.
  void setWords(std::vector<WordRow> Rows);

  /// Both have the same bytes with the same meaning.
  bool sameType(const llvm::GlobalVariable &Old,
                const llvm::GlobalVariable &New);
  /// Old points to, or leads to, objects of types that change.
  bool leadsToChange(const llvm::GlobalVariable &Old,
                     const llvm::GlobalVariable &New);
  /// Callers of the one can call the other.
  bool sameSignature(const llvm::Function &Old, const llvm::Function &New);
  /// Structs or unions have another layout in NEW.
  bool anyTypeChanges();
  /// A struct or union that Old's code uses and NEW lays out otherwise; "".
  std::string changedTypeIn(const llvm::Function &Old);
  /// As far as its type tells.
  bool holdsPointers(const llvm::GlobalVariable &New);
  /// True if its storage changes: the patch then defines Symbol with NEW's
  /// initialiser and binds OldSymbol. False: the patch binds Symbol.
  bool addGlobal(GlobalPair G);

  /// A variable that only NEW has: the header declares it for upstare_finish().
  void addNewGlobal(const llvm::GlobalVariable &G, llvm::StringRef Name,
                    llvm::StringRef Symbol);

  /// How frames of Old become frames of New (not only of equal name). Returns
  /// the index for the tables. RebuildSymbol and ReturnClass go to the table;
  /// SameCode: the function has not changed.
  unsigned addFrame(const FunctionShape &Old, const FunctionShape &New,
                    std::string RebuildSymbol, uint32_t ReturnClass,
                    bool SameCode = false);
  /// What the new point needs and the old one does not give; empty if the user
  /// supplies it all.
  std::vector<MissingSource> missingSources(unsigned Frame, unsigned OldPoint,
                                            unsigned NewPoint);

  void finish(Problems &Out);

  /// Some data moves or has pointers to check (for the report).
  struct Summary {
    std::vector<std::string> MovedGlobals, ChangedTypes, ChangedFrames;
    unsigned VisitedGlobals = 0, Frames = 0, TrivialFrames = 0;
  };
  Summary summary() const;

  /// The header for override files; also included by the generated C.
  void emitHeader(llvm::raw_ostream &OS) const;
  /// All overridable functions that the override file does not define, as C.
  /// Weak: for the patch; else as a file for the user to edit, which starts by
  /// including HeaderName.
  void emitDefaults(llvm::raw_ostream &OS, bool Weak,
                    llvm::StringRef HeaderName) const;
  /// Type maps, frame maps (`us_frames[index]`), `us_moved`, `us_visited`,
  /// `us_untyped`. Sizes: of the rebuild clones.
  void emitMaps(llvm::raw_ostream &OS, const StackSizes &Sizes = {}) const;
  size_t movedCount() const, visitedCount() const, untypedCount() const;

private:
  std::unique_ptr<TransformerState> S;
};

} // namespace upstare::patchgen

#endif // UPSTARE_PATCHGEN_TRANSFORMERS_H
