//===- Shape.h - what the stages and patchgen know of a function -*- C++
//-*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The plain facts that the early stage establishes about each function and
// that later stages, the printers and patchgen read. They are a function of the
// uninstrumented module and the options alone: the base program stores the
// module, not the facts, and patchgen derives them again.
//
// Pointers into the IR are valid as long as the module; Point::Call only until
// the next transformation of the function.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_PASSES_SHAPE_H
#define UPSTARE_PASSES_SHAPE_H

#include "Setjmp.h"
#include "llvm/ADT/BitVector.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include <memory>
#include <string>
#include <vector>

namespace llvm {
class AllocaInst;
class CallBase;
class Function;
class GlobalVariable;
class Module;
class Type;
class Value;
} // namespace llvm

namespace upstare {

enum class MemberKind {
  ByValue, // the record holds the value itself
  Pinned,  // the record holds the address; the memory stays where it is
};

/// One member of a function's frame struct.
struct Member {
  /// The variable's name. Temporaries (no variable of the source) have names
  /// that start with '%' and describe how the value is made, e.g.
  /// "%call.f(1)" or "%add(load(x),1)" (TemporaryNames.h); "#1" and so on
  /// follow if there are several of one description.
  std::string Name;
  /// Null for temporaries.
  const llvm::DILocalVariable *Variable = nullptr;
  /// Of a temporary that holds the address of a variable-length array: that
  /// variable.
  const llvm::DILocalVariable *Array = nullptr;
  MemberKind Kind = MemberKind::ByValue;
  /// IR type of the value (ByValue) or of the object (Pinned; null when its
  /// size is known only at run time).
  llvm::Type *ValueType = nullptr;
  /// Bytes from the start of the *record* (struct upstare_frame included).
  uint64_t Offset = 0;
  /// Bytes of the value (ByValue) or of the object (Pinned, 0: dynamic).
  uint64_t Size = 0;
  unsigned Line = 0; // of the declaration; 0 if unknown
  /// The alloca (or the pointer argument: byval, sret) that it stands for.
  llvm::Value *Storage = nullptr;

  bool isTemporary() const { return !Variable; }
};

enum class PointKind {
  Call,
  BlockingCall,
  Update,
  /// The head of a loop that has no update point: frames are entered there but
  /// never left (LoopHeads.h).
  LoopHead
};

/// One continuation point.
struct Point {
  unsigned Number = 0; // index in FunctionShape::Points
  PointKind Kind = PointKind::Call;
  /// Linkage name of the callee, as in the source ("read", not the wrapper's
  /// name); "*" for an indirect call; "" for an update point.
  std::string Callee;
  /// Type of the result.
  llvm::Type *ResultType = nullptr;
  /// How many earlier points of the function have the same callee.
  unsigned Occurrence = 0;
  unsigned Line = 0;
  /// Headers of the loops around it, outermost first, numbered in order within
  /// the function.
  llvm::SmallVector<unsigned, 4> Loops;
  /// Update points and loop heads: the loop whose header it is in, ~0u for
  /// function entry.
  unsigned PolledLoop = ~0u;
  /// The call may become a jump: hot code records no frame for it (rebuild
  /// clones can still go on from it).
  bool TailPosition = false;
  /// Members that the record holds at this point (index in Members).
  llvm::BitVector Live;
  /// Pinned members that the function itself may still use behind the point.
  /// One that is not among them can be anything, if nobody else knows its
  /// address.
  llvm::BitVector Used;
  /// Objects of alloca and arrays of variable length may be in the frame, which
  /// are no members.
  bool HasOtherObjects = false;
  /// Which bytes of the by-value ones: (offset in the record, size) of each
  /// scalar. Of a struct, it may hold only some fields.
  std::vector<std::pair<uint64_t, uint64_t>> Held;
  llvm::CallBase *Call = nullptr; // null once a loop head is unmarked

  /// False only if that is known.
  bool mayUse(unsigned Member) const {
    return Member >= Used.size() || Used.test(Member);
  }
  /// Whether frames of hot code can be left here.
  bool canBeLeft() const { return Kind != PointKind::LoopHead; }
};

struct FunctionShape {
  llvm::Function *F = nullptr;
  std::string Name; // linkage name
  uint64_t Key = 0;
  bool IsLocal = false; // internal linkage: matched by (File, Name)
  std::string Directory, File;
  unsigned Line = 0;
  std::vector<Member> Members;
  std::vector<Point> Points;
  llvm::SmallVector<SetjmpSite, 1> Setjmps;
  uint64_t RecordSize = 0; // struct upstare_frame included, multiple of 16
  /// Not null: f.rebuild(struct upstare_frame *), made on request only.
  llvm::Function *Rebuild = nullptr;
  /// Why a requested rebuild clone could not be made.
  std::string NoRebuild;
  /// How addresses of its labels may be used after an update (LabelUses.h).
  std::string LabelsOutlive;
  /// Why the function is left as it was ("" : it is instrumented).
  std::string Uninstrumented;
};

struct ModuleShape {
  std::vector<std::unique_ptr<FunctionShape>> Functions;
  FunctionShape *find(const llvm::Function *F) const;
};

/// Identifies what records of the module's code look like: points, layouts,
/// what is held. Stored with the module, so that patchgen notices if it would
/// derive something else than the compiler did.
uint64_t digestOf(const ModuleShape &Shapes);

/// The key by which records, patches and symbol tables name a function or
/// variable: upstare_key(), see abi.h.
uint64_t keyOf(const llvm::Function &F);
uint64_t keyOf(const llvm::GlobalVariable &G);
/// The key of a string literal, of its contents; 0 if G is something else.
uint64_t literalKey(const llvm::GlobalVariable &G);

} // namespace upstare

#endif // UPSTARE_PASSES_SHAPE_H
