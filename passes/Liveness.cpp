//===- Liveness.cpp - what a record must hold at each point -*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// By value: backward dataflow over the leaves, taken after the call, and
// restricted to variables whose lexical scope contains the call, or that are
// used behind it before they are declared again. In a function with computed
// gotos or switches clang emits no lifetime markers, and dataflow alone keeps
// the variables of every handler alive around the loop; C makes them
// indeterminate whenever their block is entered again, so leaving them out is
// sound. Recording all locals in scope instead costs about twice as much in hot
// code (option save-all).
//
// Pinned: in scope, between its lifetime markers if it has any, and unless
// nothing can have been put there yet (what memory holds by chance must not be
// taken for pointers; but objects of variable size have theirs from the start).
//
//===----------------------------------------------------------------------===//

#include "Liveness.h"
#include "Abi.h"
#include "LoopHeads.h"
#include "StorageUses.h"
#include "llvm/ADT/PostOrderIterator.h"
#include "llvm/Analysis/CFG.h"
#include "llvm/Analysis/StackLifetime.h"
#include "llvm/IR/CFG.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"

using namespace llvm;

namespace upstare {

namespace {

/// Whether Variable may be used by name at Where.
bool isInScope(const DILocalVariable *Variable, const DILocation *Where) {
  if (!Variable || !Where)
    return true;
  const DILocalScope *Scope =
      Variable->getScope()->getNonLexicalBlockFileScope();
  // Bitcode that comes in optimised has inlined calls.
  for (; Where; Where = Where->getInlinedAt())
    for (const DIScope *S = Where->getScope(); S; S = S->getScope()) {
      if (auto *File = dyn_cast<DILexicalBlockFile>(S))
        S = File->getNonLexicalBlockFileScope();
      if (S == Scope)
        return true;
      if (isa<DISubprogram>(S))
        break;
    }
  return false;
}

/// The lexical scopes in which execution may be at a point. One for a call; all
/// gotos and all labels for the block that computed gotos share, whose own
/// location says nothing: a variable keeps its value from a goto to a label if
/// both are in its scope.
class PointScope {
public:
  explicit PointScope(const Instruction &Call) {
    Before.push_back(Call.getDebugLoc());
    const BasicBlock *Rest = Call.getParent(), *Head = Rest;
    if (isUpdatePoint(Call)) {
      Rest = Rest->getSingleSuccessor();
      Head = Head->getSinglePredecessor();
      if (Rest && Rest->getSingleSuccessor())
        Rest = Rest->getSingleSuccessor(); // the poll is on the way there
    } else if (!isLoopHead(Call)) {
      return;
    }
    // A poll at the entry comes before the first of these gotos only.
    if (!Rest || !Head || pred_empty(Head) ||
        !isa<IndirectBrInst>(Rest->getTerminator()))
      return;
    Before.clear();
    for (const BasicBlock *Goto : predecessors(Head))
      Before.push_back(Goto->getTerminator()->getDebugLoc());
    for (const BasicBlock *Label : successors(Rest))
      After.push_back(locationOf(*Label));
  }

  bool contains(const DILocalVariable *Variable) const {
    auto In = [&](const DILocation *Where) {
      return isInScope(Variable, Where);
    };
    return any_of(Before, In) && (After.empty() || any_of(After, In));
  }

private:
  /// Of the label, else of the first instruction behind it.
  static const DILocation *locationOf(const BasicBlock &Label) {
    for (const Instruction &I : Label) {
      for (const DbgRecord &R : I.getDbgRecordRange())
        if (isa<DbgLabelRecord>(R))
          return R.getDebugLoc();
      if (I.getDebugLoc())
        return I.getDebugLoc();
    }
    return nullptr;
  }

  SmallVector<const DILocation *> Before, After;
};

/// Where a jump out of a scope leads:
///
///     store 1, %cleanup.dest; br cleanup
///   cleanup:                       // shared by all ways out of the scope
///     switch (load %cleanup.dest) [0: go on, 1: return]
///
/// Plain dataflow would also follow the ways that are not taken, on which the
/// returned value, say, is read.
class CleanupWay {
public:
  explicit CleanupWay(const BasicBlock &From) {
    for (const Instruction &I : reverse(From))
      if (auto *Store = dyn_cast<StoreInst>(&I);
          Store && isa<ConstantInt>(Store->getValueOperand()) &&
          isPlainSlot(Store->getPointerOperand()) && walk(From, *Store))
        return;
  }
  /// Those that are passed, and at last the one to which the way is certain;
  /// empty if From is no such jump.
  ArrayRef<const BasicBlock *> blocks() const { return Blocks; }

private:
  /// Whether only loads and stores that are seen here get at it.
  static bool isPlainSlot(const Value *Slot) {
    return isa<AllocaInst>(Slot) && all_of(Slot->users(), [&](const User *U) {
             auto *Store = dyn_cast<StoreInst>(U);
             auto *Load = dyn_cast<LoadInst>(U);
             return (Store && Store->getPointerOperand() == Slot &&
                     !Store->isVolatile()) ||
                    (Load && !Load->isVolatile()) ||
                    cast<Instruction>(U)->isLifetimeStartOrEnd();
           });
  }

  static bool changes(const BasicBlock &B, const Value *Slot) {
    return any_of(B, [&](const Instruction &I) {
      auto *Store = dyn_cast<StoreInst>(&I);
      return Store && Store->getPointerOperand() == Slot;
    });
  }

  bool walk(const BasicBlock &From, const StoreInst &Stored) {
    constexpr unsigned MaxBlocks = 32;
    const Value *Slot = Stored.getPointerOperand();
    for (const Instruction *I = Stored.getNextNode(); I; I = I->getNextNode())
      if (auto *Later = dyn_cast<StoreInst>(I);
          Later && Later->getPointerOperand() == Slot)
        return false;
    bool Decided = false;
    const BasicBlock *B = From.getSingleSuccessor();
    while (B && Blocks.size() < MaxBlocks) {
      Blocks.push_back(B);
      if (changes(*B, Slot))
        break;
      if (auto *Switch = dyn_cast<SwitchInst>(B->getTerminator())) {
        auto *Load = dyn_cast<LoadInst>(Switch->getCondition());
        if (!Load || Load->getParent() != B ||
            Load->getPointerOperand() != Slot)
          break;
        B = Switch->findCaseValue(cast<ConstantInt>(Stored.getValueOperand()))
                ->getCaseSuccessor();
        Decided = true;
      } else {
        B = B->getSingleSuccessor();
      }
    }
    if (!Decided)
      Blocks.clear();
    return Decided;
  }

  SmallVector<const BasicBlock *, 4> Blocks;
};

class LeafLiveness {
public:
  LeafLiveness(Function &F, const FrameLayout &Frame) : Frame(Frame) {
    FirstLeaf.assign(Frame.Members.size() + 1, Frame.Leaves.size());
    for (unsigned I = Frame.Leaves.size(); I-- > 0;)
      FirstLeaf[Frame.Leaves[I].Member] = I;
    for (const Access &A : Frame.Accesses)
      if (A.IsUse || coversLeaf(A))
        Accesses[A.I].push_back(&A);
    solve(F);
  }

  /// Leaves live behind Call: for an invoke also what its handlers read, since
  /// the call may throw after the update.
  BitVector liveAfter(const Instruction &Call) const {
    const BasicBlock *B = Call.getParent();
    if (auto *Invoke = dyn_cast<InvokeInst>(&Call))
      return liveOut(*Invoke->getParent());
    BitVector Live = liveOut(*B);
    for (const Instruction &I : reverse(*B)) {
      if (&I == &Call)
        break;
      apply(I, Live);
    }
    return Live;
  }

private:
  bool coversLeaf(const Access &A) const {
    return any_of(Frame.Leaves, [&](const Leaf &L) {
      return L.Member == A.Member && covers(A, L);
    });
  }
  static bool covers(const Access &A, const Leaf &L) {
    return A.Offset <= L.Offset && L.Offset + L.Size <= A.Offset + A.Size;
  }
  static bool overlaps(const Access &A, const Leaf &L) {
    return A.Offset < L.Offset + L.Size && L.Offset < A.Offset + A.Size;
  }

  void apply(const Instruction &I, BitVector &Live) const {
    auto It = Accesses.find(&I);
    if (It == Accesses.end())
      return;
    // Kills before uses: a copy within one instruction reads first.
    for (bool Uses : {false, true})
      for (const Access *A : It->second)
        if (A->IsUse == Uses)
          for (unsigned L = FirstLeaf[A->Member];
               L < Frame.Leaves.size() && Frame.Leaves[L].Member == A->Member;
               ++L) {
            if (Uses && overlaps(*A, Frame.Leaves[L]))
              Live.set(L);
            else if (!Uses && covers(*A, Frame.Leaves[L]))
              Live.reset(L);
          }
  }

  BitVector liveOut(const BasicBlock &B) const {
    BitVector Live(Frame.Leaves.size());
    if (const CleanupWay &Out = Ways.find(&B)->second; !Out.blocks().empty()) {
      ArrayRef<const BasicBlock *> Way = Out.blocks();
      Live = LiveIn.find(Way.back())->second;
      for (const BasicBlock *Passed : reverse(Way.drop_back()))
        for (const Instruction &I : reverse(*Passed))
          apply(I, Live);
      return Live;
    }
    for (const BasicBlock *S : successors(&B))
      Live |= LiveIn.find(S)->second;
    return Live;
  }

  void solve(Function &F) {
    for (BasicBlock &B : F) {
      LiveIn[&B].resize(Frame.Leaves.size());
      Ways.try_emplace(&B, B);
    }
    SmallVector<BasicBlock *> Order(post_order(&F.getEntryBlock()));
    for (bool Changed = true; Changed;) {
      Changed = false;
      for (BasicBlock *B : Order) {
        BitVector Live = liveOut(*B);
        for (const Instruction &I : reverse(*B))
          apply(I, Live);
        if (Live != LiveIn[B]) {
          LiveIn[B] = std::move(Live);
          Changed = true;
        }
      }
    }
  }

  const FrameLayout &Frame;
  std::vector<unsigned> FirstLeaf;
  DenseMap<const Instruction *, SmallVector<const Access *, 2>> Accesses;
  DenseMap<const BasicBlock *, BitVector> LiveIn;
  DenseMap<const BasicBlock *, CleanupWay> Ways;
};

/// Lifetimes of allocas that have markers.
class Lifetimes {
public:
  Lifetimes(Function &F, const FrameLayout &Frame) {
    for (const Member &M : Frame.Members)
      if (auto *A = dyn_cast_or_null<AllocaInst>(M.Storage))
        Allocas.push_back(A);
    if (Allocas.empty())
      return;
    Analysis.emplace(F, Allocas, StackLifetime::LivenessType::May);
    Analysis->run();
  }
  bool isAlive(const Member &M, const Instruction &At) const {
    auto *A = dyn_cast<AllocaInst>(M.Storage);
    return !A || !Analysis->isReachable(&At) || Analysis->isAliveAfter(A, &At);
  }

private:
  std::vector<const AllocaInst *> Allocas;
  std::optional<StackLifetime> Analysis;
};

/// Uses of members' storage, made when asked for.
class MemberUses {
public:
  explicit MemberUses(const FrameLayout &Frame) : Frame(Frame) {
    Uses.resize(Frame.Members.size());
  }
  const StorageUses &of(unsigned Index) {
    const Member &M = Frame.Members[Index];
    if (!Uses[Index])
      Uses[Index] = std::make_unique<StorageUses>(*M.Storage, M.Variable);
    return *Uses[Index];
  }

private:
  const FrameLayout &Frame;
  std::vector<std::unique_ptr<StorageUses>> Uses;
};

} // namespace

namespace {
/// Which jmp_bufs a frame may have armed: recorded, to be armed again.
class ArmedSites {
public:
  ArmedSites(const FrameLayout &Frame, ArrayRef<SetjmpSite> Setjmps)
      : Setjmps(Setjmps) {
    for (const SetjmpSite &Site : Setjmps) {
      Of &S = Sites.emplace_back(Of{BehindSetjmp(Site), -1});
      for (unsigned I = 0; I < Frame.Members.size(); ++I) {
        const Value *Storage = Frame.Members[I].Storage;
        if (Storage == Site.Environment || Storage == Site.Stamp)
          SiteOf[I] = Sites.size() - 1;
        else if (Storage == Site.Buffer)
          S.Buffer = I;
      }
    }
  }

  bool isBehind(const SetjmpSite &Site, const Instruction &At) const {
    return Sites[&Site - Setjmps.data()].Behind.contains(At);
  }

  /// Whether Member says which jmp_buf has been armed, and one may be at P. One
  /// in a local of the function is only as long as that is alive.
  bool mayBeArmed(unsigned Member, const Point &P) const {
    auto It = SiteOf.find(Member);
    if (It == SiteOf.end())
      return false;
    const Of &S = Sites[It->second];
    return S.Behind.contains(*P.Call) &&
           (S.Buffer < 0 || P.Live.test(S.Buffer));
  }

private:
  struct Of {
    BehindSetjmp Behind;
    int Buffer; // the member that the jmp_buf is in, or -1
  };
  ArrayRef<SetjmpSite> Setjmps;
  std::vector<Of> Sites;
  DenseMap<unsigned, unsigned> SiteOf;
};
} // namespace

/// Whether the storage of M may hold something at P: before any use it does
/// not, but longjmp leads behind the setjmp from uses that no path leads from.
static bool mayHoldSomething(const Member &M, const StorageUses &Uses,
                             const ArmedSites &Armed,
                             ArrayRef<SetjmpSite> Setjmps, const Point &P) {
  return isa<Argument>(M.Storage) || Uses.precedes(*P.Call) ||
         any_of(Setjmps, [&](const SetjmpSite &Site) {
           return Armed.isBehind(Site, *P.Call);
         });
}

/// What patchgen asks: is there anything in the object, and does it matter?
static void findUsed(const FrameLayout &Frame, MemberUses &Uses,
                     const ArmedSites &Armed, ArrayRef<SetjmpSite> Setjmps,
                     std::vector<Point> &Points) {
  for (Point &P : Points) {
    P.Used.resize(Frame.Members.size());
    auto IsUsedLater = [&](unsigned I) {
      return Uses.of(I).follows(*P.Call) ||
             any_of(Setjmps, [&](const SetjmpSite &Site) {
               return Armed.isBehind(Site, *P.Call) &&
                      Uses.of(I).follows(*Site.Call);
             });
    };
    for (unsigned I : P.Live.set_bits()) {
      const Member &M = Frame.Members[I];
      if (M.Kind == MemberKind::Pinned && IsUsedLater(I) &&
          mayHoldSomething(M, Uses.of(I), Armed, Setjmps, P))
        P.Used.set(I);
    }
  }
}

static SmallVector<const AllocaInst *> dynamicObjects(const Function &F) {
  SmallVector<const AllocaInst *> Found;
  for (const Instruction &I : instructions(F))
    if (auto *A = dyn_cast<AllocaInst>(&I);
        A && !A->isStaticAlloca() && !A->use_empty())
      Found.push_back(A);
  return Found;
}

/// Whether the record holds A's address: in a variable that has no other value.
/// In a loop it is the last one's alone.
static bool isRecorded(const AllocaInst &A, const FrameLayout &Frame,
                       const Point &P) {
  if (isPotentiallyReachable(A.getNextNode(), &A))
    return false;
  for (unsigned I : P.Live.set_bits()) {
    const Member &M = Frame.Members[I];
    if (M.Kind != MemberKind::ByValue || isa<Argument>(M.Storage))
      continue;
    auto IsOther = [&](const User *U) {
      auto *Store = dyn_cast<StoreInst>(U);
      return !isa<LoadInst>(U) && !(Store && Store->getValueOperand() == &A) &&
             !cast<Instruction>(U)->isLifetimeStartOrEnd();
    };
    if (none_of(M.Storage->users(), IsOther) &&
        any_of(M.Storage->users(),
               [](const User *U) { return isa<StoreInst>(U); }))
      return true;
  }
  return false;
}

std::vector<BitVector> computeLiveness(Function &F, const FrameLayout &Frame,
                                       std::vector<Point> &Points,
                                       ArrayRef<SetjmpSite> Setjmps,
                                       const Options &Opts) {
  LeafLiveness Leaves(F, Frame);
  Lifetimes Alive(F, Frame);
  MemberUses Uses(Frame);
  ArmedSites Armed(Frame, Setjmps);
  auto Dynamic = dynamicObjects(F);
  std::vector<BitVector> Recorded;
  for (Point &P : Points) {
    PointScope Scope(*P.Call);
    BitVector Live = Leaves.liveAfter(*P.Call);
    if (Live.empty())
      Live.resize(Frame.Leaves.size());
    P.Live.resize(Frame.Members.size());
    BitVector AfterSetjmp(Frame.Leaves.size());
    for (const SetjmpSite &Site : Setjmps)
      if (Armed.isBehind(Site, *P.Call))
        AfterSetjmp |= Leaves.liveAfter(*Site.Call);
    // Calls that clean up at the end of a scope have its outer scope's
    // location, though they, and others after them, use what is in it.
    auto InScope = [&](unsigned I) {
      return Scope.contains(Frame.Members[I].Variable) ||
             (Uses.of(I).hasBeginning() && Uses.of(I).follows(*P.Call));
    };
    for (unsigned I = 0; I < Frame.Members.size(); ++I) {
      const Member &M = Frame.Members[I];
      if (M.Kind == MemberKind::Pinned && InScope(I) &&
          Alive.isAlive(M, *P.Call) &&
          (!M.Size || mayHoldSomething(M, Uses.of(I), Armed, Setjmps, P)))
        P.Live.set(I);
    }
    for (unsigned L = 0; L < Frame.Leaves.size(); ++L) {
      unsigned Index = Frame.Leaves[L].Member;
      const Member &M = Frame.Members[Index];
      bool All = Opts.SaveAll && M.Variable && Alive.isAlive(M, *P.Call);
      bool Always = isa<Argument>(M.Storage) || Armed.mayBeArmed(Index, P);
      bool Keep = ((Live.test(L) || All || Always) && InScope(Index)) ||
                  AfterSetjmp.test(L);
      Live[L] = Keep;
      if (Keep) {
        P.Live.set(Index);
        P.Held.push_back(
            {M.Offset + Frame.Leaves[L].Offset, Frame.Leaves[L].Size});
      }
    }
    P.HasOtherObjects = any_of(Dynamic, [&](const AllocaInst *A) {
      return isPotentiallyReachable(A, P.Call) && !isRecorded(*A, Frame, P);
    });
    Recorded.push_back(std::move(Live));
  }
  if (Opts.RebuildClones) // patchgen alone asks
    findUsed(Frame, Uses, Armed, Setjmps, Points);
  return Recorded;
}

} // namespace upstare
