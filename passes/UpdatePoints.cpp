//===- UpdatePoints.cpp - where the program asks whether an update waits -*- C++
//-*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//     header:                      header:
//       …                            …
//     latch:                       latch:
//       br header            →       f = load volatile @__upstare_requested
//                                    br (f != 0), us.update, us.poll  !unlikely
//                                  us.update:
//                                    call upstare_update_point()
//                                    br us.poll
//                                  us.poll:
//                                    br header
//
// on the way back to the headers of loops, and at the entry of functions on
// call-graph cycles (as many as are needed to break every cycle). Not in the
// header: a loop that is left in its first round, as searches often are, costs
// nothing so, and the optimiser can rotate loops whose header ends in the test.
// What a poll costs is lost vectorisation, so
// - an innermost loop without slow calls that scalar evolution can count has
//   none;
// - a loop whose every iteration makes a blocking call, or calls a function of
//   the module that always comes to an update point, has none.
// A budget counter instead of polls would add a second exit to the loop, which
// costs more than the poll.
//
//===----------------------------------------------------------------------===//

#include "UpdatePoints.h"
#include "Abi.h"
#include "BlockingCalls.h"
#include "Diagnostics.h"
#include "LoopHeads.h"
#include "LoopOracle.h"
#include "llvm/ADT/SCCIterator.h"
#include "llvm/Analysis/CallGraph.h"
#include "llvm/Analysis/CycleAnalysis.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/MDBuilder.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"

using namespace llvm;

namespace upstare {

/// Whether a call can vanish or be vectorised, so that it does not make a loop
/// slow: inlined functions that make no other calls, and pure functions. A call
/// of printf reaches no update point either, but a loop of such calls should.
static bool isFastCall(const CallBase &Call, const UpdateReach &Reach,
                       unsigned Depth = 8) {
  if (isa<IntrinsicInst>(Call) || Call.isInlineAsm() ||
      Call.onlyReadsMemory() || Call.doesNotReturn())
    return true;
  const Function *F = Call.getCalledFunction();
  if (!F || Depth == 0 || Reach.mayUpdate(Call))
    return false;
  if (F->isDeclaration()) // arithmetic of the compiler's support library
    return F->getName().starts_with("__mul") ||
           F->getName().starts_with("__div");
  return all_of(instructions(*F), [&](const Instruction &I) {
    auto *Inner = dyn_cast<CallBase>(&I);
    return !Inner || isFastCall(*Inner, Reach, Depth - 1);
  });
}

static bool hasSlowCalls(const Loop &L, const UpdateReach &Reach) {
  for (const BasicBlock *B : L.blocks())
    for (const Instruction &I : *B)
      if (auto *Call = dyn_cast<CallBase>(&I);
          Call && !isFastCall(*Call, Reach))
        return true;
  return false;
}

//===----------------------------------------------------------------------===//
// Code that asks anyway
//===----------------------------------------------------------------------===//

using FunctionSet = SmallPtrSet<const Function *, 16>;

/// Whether I is passed with an update point. Not an invoke: its callee may
/// throw before it asks.
static bool asks(const Instruction &I, const FunctionSet &Asking) {
  if (auto *Branch = dyn_cast<BranchInst>(&I))
    return any_of(successors(Branch), [](const BasicBlock *Successor) {
      auto *Call = dyn_cast<CallInst>(&Successor->front());
      return Call && isUpdatePoint(*Call);
    });
  auto *Call = dyn_cast<CallInst>(&I);
  const Function *F = Call ? Call->getCalledFunction() : nullptr;
  return F && (isBlockingWrapper(F->getName()) ||
               (Asking.contains(F) && !F->isInterposable()));
}

/// Whether all of the Ends are reached only through such a place in Blocks.
template <typename BlockRange>
static bool alwaysAsks(BlockRange &&Blocks, ArrayRef<BasicBlock *> Ends,
                       const DominatorTree &Dominators,
                       const FunctionSet &Asking) {
  return any_of(Blocks, [&](const BasicBlock &B) {
    return any_of(B, [&](const Instruction &I) { return asks(I, Asking); }) &&
           all_of(Ends, [&](const BasicBlock *End) {
             return Dominators.dominates(&B, End);
           });
  });
}

static bool alwaysAsks(const Loop &L, const DominatorTree &Dominators,
                       const FunctionSet &Asking) {
  SmallVector<BasicBlock *, 4> Latches;
  L.getLoopLatches(Latches);
  return alwaysAsks(make_pointee_range(L.blocks()), Latches, Dominators,
                    Asking);
}

static bool alwaysAsks(Function &F, const FunctionSet &Asking) {
  SmallVector<BasicBlock *, 4> Returns;
  for (BasicBlock &B : F)
    if (isa<ReturnInst>(B.getTerminator()))
      Returns.push_back(&B);
  return !Returns.empty() && alwaysAsks(F, Returns, DominatorTree(F), Asking);
}

namespace {
struct PolledLoop {
  BasicBlock *Header;
  SmallVector<BasicBlock *, 4> Latches;
};
/// The loops that poll in every round, those that poll once, before the first,
/// and the headers of the others.
struct LoopHeaders {
  SmallVector<PolledLoop> Polled;
  SmallVector<BasicBlock *> PolledBefore;
  SmallVector<BasicBlock *> Silent;
};
} // namespace

/// A loop that comes to an inner one in some rounds only asks where the inner
/// ones begin, if these have no polls: its other rounds are as cheap as theirs.
/// (The search for a match that goes through a chain of candidates, most of
/// which differ in the first byte.)
static bool mayAskBeforeInner(const Loop &L, const DominatorTree &Dominators) {
  SmallVector<BasicBlock *, 4> Latches;
  L.getLoopLatches(Latches);
  return !L.isInnermost() && all_of(L.getSubLoops(), [&](const Loop *Inner) {
    BasicBlock *Header = Inner->getHeader();
    return Inner->isInnermost() &&
           !all_of(Latches,
                   [&](const BasicBlock *Latch) {
                     return Dominators.dominates(Header, Latch);
                   }) &&
           all_of(predecessors(Header), [](const BasicBlock *From) {
             return isa<BranchInst, SwitchInst>(From->getTerminator());
           });
  });
}

/// Takes the polls of loops that have a bound away, or into them.
static unsigned
sortCountable(LoopHeaders &Headers, const LoopInfo &Loops,
              const SmallPtrSetImpl<const BasicBlock *> &Countable) {
  unsigned Count = 0;
  SmallPtrSet<BasicBlock *, 4> Before;
  erase_if(Headers.Polled, [&](const PolledLoop &P) {
    const Loop &L = *Loops.getLoopFor(P.Header);
    if (!Countable.contains(P.Header))
      return false;
    Count += L.isInnermost();
    for (const Loop *Inner : L.getSubLoops())
      if (!Countable.contains(Inner->getHeader()))
        return false;
    for (const Loop *Inner : L.getSubLoops())
      Before.insert(Inner->getHeader());
    Headers.Silent.push_back(P.Header);
    return true;
  });
  erase_if(Headers.Silent, [&](BasicBlock *Header) {
    if (!Before.contains(Header))
      return false;
    Headers.PolledBefore.push_back(Header);
    return true;
  });
  return Count;
}

static LoopHeaders sortLoops(Function &F, const UpdateReach &Reach,
                             const FunctionSet &Asking, const Options &Opts,
                             FunctionAnalysisManager &FAM) {
  DominatorTree Dominators(F);
  LoopInfo Loops(Dominators);
  LoopHeaders Headers;
  SmallVector<const BasicBlock *> Candidates;
  for (BasicBlock &B : F) {
    if (!Loops.isLoopHeader(&B) || B.isEHPad())
      continue;
    const Loop &L = *Loops.getLoopFor(&B);
    if (alwaysAsks(L, Dominators, Asking)) {
      Headers.Silent.push_back(&B);
      continue;
    }
    if (!Opts.PollCountedLoops &&
        (L.isInnermost() || mayAskBeforeInner(L, Dominators)) &&
        !hasSlowCalls(L, Reach))
      Candidates.push_back(&B);
    PolledLoop &Polled = Headers.Polled.emplace_back(PolledLoop{&B, {}});
    L.getLoopLatches(Polled.Latches);
  }
  if (unsigned Count =
          sortCountable(Headers, Loops, countableLoops(F, Candidates, FAM)))
    remark(F, "CountedLoop", false,
           Twine(Count) + " call-free counted loop(s) without update point");
  // Cycles that gotos enter at several places are no loops. One poll at each of
  // their headers, and those of the cycles within, is on every way around.
  CycleInfo Cycles;
  Cycles.compute(F);
  SmallVector<const Cycle *> Work(Cycles.toplevel_begin(),
                                  Cycles.toplevel_end());
  while (!Work.empty()) {
    const Cycle *C = Work.pop_back_val();
    append_range(Work, C->children());
    BasicBlock *Header = C->getHeader();
    if (!C->isReducible() && !Loops.isLoopHeader(Header) && !Header->isEHPad())
      Headers.Polled.push_back({Header, {}});
  }
  return Headers;
}

static DebugLoc locationAt(const Instruction &At) {
  for (const Instruction *I = &At; I; I = I->getNextNode())
    if (I->getDebugLoc())
      return I->getDebugLoc();
  if (DISubprogram *SP = At.getFunction()->getSubprogram())
    return DILocation::get(SP->getContext(), SP->getScopeLine(), 0, SP);
  return DebugLoc();
}

/// A block that all ways back to the header pass; null if there is none, or a
/// jump cannot be redirected (to a label whose address is kept).
static BasicBlock *backEdge(const PolledLoop &L) {
  if (L.Latches.empty() || !all_of(L.Latches, [](const BasicBlock *Latch) {
        return isa<BranchInst, SwitchInst>(Latch->getTerminator());
      }))
    return nullptr;
  MDNode *Metadata = nullptr;
  for (BasicBlock *Latch : L.Latches) {
    Instruction *Jump = Latch->getTerminator();
    if (MDNode *Own = Jump->getMetadata(LLVMContext::MD_loop))
      Metadata = Own;
    // An inner loop's latch may be this one's, too.
    if (Jump->getNumSuccessors() == 1)
      Jump->setMetadata(LLVMContext::MD_loop, nullptr);
  }
  BasicBlock *Back = SplitBlockPredecessors(L.Header, L.Latches, ".us.back");
  Back->getTerminator()->setMetadata(LLVMContext::MD_loop, Metadata);
  return Back;
}

static CallInst *insertUpdatePoint(Instruction *At, const DebugLoc &Where) {
  BasicBlock *Head = At->getParent();
  Function *F = Head->getParent();
  Module &M = *F->getParent();
  LLVMContext &C = M.getContext();
  BasicBlock *Rest = SplitBlock(Head, At->getIterator());
  Rest->setName("us.poll");
  BasicBlock *Update = BasicBlock::Create(C, "us.update", F, Rest);
  Instruction *Jump = Head->getTerminator();
  IRBuilder<> B(Jump);
  B.SetCurrentDebugLocation(Where);
  Type *I32 = B.getInt32Ty();
  // Volatile, not atomic: the comparison then takes its operand from memory,
  // and alias analysis still sees that only the flag is read.
  LoadInst *Flag = B.CreateLoad(I32, requestFlag(M), /*isVolatile=*/true);
  B.CreateCondBr(B.CreateICmpNE(Flag, ConstantInt::get(I32, 0)), Update, Rest,
                 MDBuilder(C).createBranchWeights(1, 1 << 20));
  Jump->eraseFromParent();
  B.SetInsertPoint(Update);
  // As an ordinary call it would take callee-saved registers, whose pushes and
  // pops cost a small function up to 60%.
  CallInst *Call = B.CreateCall(declare(M, Callee::UpdatePoint));
  Call->setCallingConv(CallingConv::PreserveAll);
  // The inliner takes this for the cost of the call. It makes up for the load,
  // the comparison and the branch: polls do not change what is inlined.
  Call->addFnAttr(Attribute::get(C, "call-inline-cost", "-25"));
  B.CreateBr(Rest);
  return Call;
}

/// On the way into the loop, where its first round has not begun.
static void pollBefore(BasicBlock &Header) {
  DominatorTree Dominators(*Header.getParent());
  SmallVector<BasicBlock *> From;
  for (BasicBlock *B : predecessors(&Header))
    if (!Dominators.dominates(&Header, B))
      From.push_back(B);
  BasicBlock *Enter = SplitBlockPredecessors(&Header, From, ".us.enter");
  markLoopEntry(*insertUpdatePoint(Enter->getTerminator(),
                                   locationAt(*Header.getFirstInsertionPt())));
}

/// After the allocas and the stores of parameters.
static Instruction *entryPosition(Function &F) {
  for (Instruction &I : F.getEntryBlock()) {
    if (isa<AllocaInst>(I))
      continue;
    if (auto *Store = dyn_cast<StoreInst>(&I))
      if (isa<Argument>(Store->getValueOperand()))
        continue;
    return &I;
  }
  return F.getEntryBlock().getTerminator();
}

//===----------------------------------------------------------------------===//
// Call-graph cycles
//===----------------------------------------------------------------------===//

namespace {
/// Picks functions so that every cycle inside one strongly connected component
/// contains one of them: the targets of back edges of a depth-first walk.
class CycleBreaker {
public:
  CycleBreaker(ArrayRef<CallGraphNode *> Component)
      : Members(Component.begin(), Component.end()) {
    for (CallGraphNode *Node : Component)
      if (!State.count(Node))
        visit(Node);
  }
  bool polls(const Function &F) const { return Polling.contains(&F); }

private:
  void visit(CallGraphNode *Node) {
    State[Node] = Active;
    for (const auto &[Call, Callee] : *Node) {
      if (!Members.contains(Callee))
        continue;
      auto It = State.find(Callee);
      if (It == State.end())
        visit(Callee);
      else if (It->second == Active)
        Polling.insert(Callee->getFunction());
    }
    State[Node] = Done;
  }

  enum Mark { Active, Done };
  SmallPtrSet<CallGraphNode *, 8> Members;
  DenseMap<CallGraphNode *, Mark> State;
  SmallPtrSet<const Function *, 8> Polling;
};
} // namespace

/// Where B jumps. A label that a computed goto has read is not kept across a
/// point (LabelTables.h).
static Instruction *endOf(BasicBlock &B) {
  Instruction *Jump = B.getTerminator();
  auto *Goto = dyn_cast<IndirectBrInst>(Jump);
  auto *Label = Goto ? dyn_cast<LoadInst>(Goto->getAddress()) : nullptr;
  return Label && Label->getNextNonDebugInstruction() == Jump ? Label : Jump;
}

static unsigned instrument(Function &F, bool PollEntry,
                           const UpdateReach &Reach, const FunctionSet &Asking,
                           const Options &Opts, FunctionAnalysisManager &FAM) {
  std::string Why;
  if (!isInstrumentable(F, Why))
    return 0;
  LoopHeaders Headers = sortLoops(F, Reach, Asking, Opts, FAM);
  for (BasicBlock *Header : Headers.Silent) {
    Instruction &At = *Header->getFirstInsertionPt();
    markLoopHead(&At, locationAt(At));
  }
  for (BasicBlock *Header : Headers.PolledBefore)
    pollBefore(*Header);
  for (const PolledLoop &L : Headers.Polled) {
    Instruction *First = &*L.Header->getFirstInsertionPt();
    BasicBlock *Back = backEdge(L);
    insertUpdatePoint(Back ? endOf(*Back) : First, locationAt(*First));
  }
  if (PollEntry) {
    Instruction *At = entryPosition(F);
    insertUpdatePoint(At, locationAt(*At));
  }
  unsigned Count =
      Headers.Polled.size() + Headers.PolledBefore.size() + PollEntry;
  if (Count) {
    remark(F, "UpdatePoints", false, Twine(Count) + " update point(s)");
    FAM.invalidate(F, PreservedAnalyses::none());
  }
  return Count;
}

unsigned insertUpdatePoints(Module &M, FunctionAnalysisManager &FAM,
                            UpdateReach &Reach, const Options &Opts) {
  using Polls = Options::EntryPolls;
  unsigned Count = 0;
  FunctionSet Asking;
  CallGraph Graph(M);
  for (auto It = scc_begin(&Graph); !It.isAtEnd(); ++It) {
    CycleBreaker Cycles(It.hasCycle() && Opts.Entry == Polls::Cycles
                            ? ArrayRef<CallGraphNode *>(*It)
                            : ArrayRef<CallGraphNode *>());
    SmallVector<Function *> Members;
    for (CallGraphNode *Node : *It)
      if (Function *F = Node->getFunction(); F && !F->isDeclaration())
        Members.push_back(F);
    auto PollsEntry = [&](const Function &F) {
      std::string Why;
      return (Opts.Entry == Polls::All || Cycles.polls(F)) &&
             isInstrumentable(F, Why);
    };
    // Known before the loops are looked at, which may call members.
    for (Function *F : Members)
      if (PollsEntry(*F))
        Asking.insert(F);
    for (Function *F : Members)
      Count += instrument(*F, PollsEntry(*F), Reach, Asking, Opts, FAM);
    // Twice, because members of a cycle depend on one another.
    for (unsigned Round = 0; Round < 2; ++Round)
      for (Function *F : Members)
        Reach.refresh(*F);
    for (Function *F : Members)
      if (alwaysAsks(*F, Asking))
        Asking.insert(F);
  }
  return Count;
}

} // namespace upstare
