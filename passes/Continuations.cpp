//===- Continuations.cpp - where a frame can be left and entered again -*- C++
//-*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A continuation point is a call that may reach an update point, or an update
// point. In tail position
//
//     r = call g(x); store r, %ret; br exit;  exit: v = load %ret; ret v
//
// the optimiser may turn the call into a jump. Such a frame has nothing left to
// do: hot code records nothing for it and keeps the jump (a recorded frame
// would be an invoke, and stacks of mutually tail-calling functions would
// grow). Without optimisation nothing becomes a jump, so all frames record.
//
//===----------------------------------------------------------------------===//

#include "Continuations.h"
#include "Abi.h"
#include "BlockingCalls.h"
#include "LoopHeads.h"
#include "Names.h"
#include "llvm/ADT/SCCIterator.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/TargetLibraryInfo.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/InlineAsm.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"

using namespace llvm;

namespace upstare {

static const StringSet<> &knownLibcFunctions() {
  static const StringSet<> Names = {
#define UPSTARE_LIBC_FUNCTION(Name) #Name,
#include "KnownLibcFunctions.def"
  };
  return Names;
}

/// Library functions that call back into the program.
static bool takesCallback(StringRef Name) {
  return Name == "qsort" || Name == "bsearch" || Name == "qsort_r";
}

bool isPlainLibraryFunction(const Function &F) {
  StringRef Name = F.getName();
  if (F.isIntrinsic() || knownLibcFunctions().contains(Name))
    return true;
  // -fsanitize=undefined: reports.
  if (Name.starts_with("__ubsan_handle_"))
    return true;
  // libstdc++'s out-of-line throws and failed assertions.
  if (Name.starts_with("_ZSt") &&
      (Name.contains("__throw_") || Name.contains("__glibcxx_assert_fail")))
    return true;
  static const TargetLibraryInfoImpl Impl(
      Triple(F.getParent()->getTargetTriple()));
  LibFunc Func;
  return Impl.getLibFunc(F, Func) && !takesCallback(F.getName());
}

UpdateReach::UpdateReach(Module &M) {
  // Least fixpoint; the sets are small and the order is good, so a few rounds.
  for (bool Changed = true; Changed;) {
    Changed = false;
    for (const Function &F : M)
      if (!F.isDeclaration() && !Reaching.contains(&F) && bodyMayUpdate(F)) {
        Reaching.insert(&F);
        Changed = true;
      }
  }
}

void UpdateReach::refresh(const Function &F) {
  if (bodyMayUpdate(F))
    Reaching.insert(&F);
}

/// Whether assembler code calls something ("syscall" is no call).
static bool callsFromAssembler(const CallBase &Call) {
  const auto *Asm = dyn_cast<InlineAsm>(Call.getCalledOperand());
  StringRef Text = Asm ? StringRef(Asm->getAsmString()) : StringRef();
  for (size_t At = 0; (At = Text.find("call", At)) != StringRef::npos; ++At)
    if (!At || !isAlnum(Text[At - 1]))
      return true;
  return false;
}

static bool callsFromAssembler(const Function &F) {
  return any_of(instructions(F), [](const Instruction &I) {
    auto *Call = dyn_cast<CallBase>(&I);
    return Call && callsFromAssembler(*Call);
  });
}

bool UpdateReach::bodyMayUpdate(const Function &F) const {
  // Nobody knows where assembler code leads.
  if (!isRuntimeFunction(F) &&
      (F.hasFnAttribute(Attribute::Naked) || callsFromAssembler(F)))
    return true;
  for (const Instruction &I : instructions(F))
    if (auto *Call = dyn_cast<CallBase>(&I))
      if (mayUpdate(*Call))
        return true;
  return false;
}

bool UpdateReach::mayUpdate(const CallBase &Call) const {
  if (isUpdatePoint(Call))
    return true;
  if (isLoopHead(Call) || isa<IntrinsicInst>(Call) || Call.isInlineAsm() ||
      isa<CallBrInst>(Call) || Call.hasFnAttr(Attribute::ReturnsTwice))
    return false;
  const auto *F =
      dyn_cast<Function>(Call.getCalledOperand()->stripPointerCasts());
  if (!F)
    return true;
  if (isBlockingWrapper(F->getName()))
    return true;
  if (isRuntimeFunction(*F))
    return false;
  if (F->isDeclaration())
    return !isPlainLibraryFunction(*F);
  return F->isInterposable() || F->hasAvailableExternallyLinkage() ||
         mayUpdate(*F);
}

bool UpdateReach::isPoint(const CallBase &Call) const {
  return !Call.isMustTailCall() && mayUpdate(Call);
}

static bool callsOtherThatReturnsTwice(const Function &F) {
  return F.callsFunctionThatReturnsTwice() &&
         any_of(instructions(F), [](const Instruction &I) {
           auto *Call = dyn_cast<CallBase>(&I);
           return Call && Call->hasFnAttr(Attribute::ReturnsTwice) &&
                  !isSetjmp(*Call);
         });
}

/// __builtin_setjmp: what longjmp needs is in registers and this frame, and
/// clang says nothing of a second return.
static bool usesBuiltinSetjmp(const Function &F) {
  return any_of(instructions(F), [](const Instruction &I) {
    auto *Intrinsic = dyn_cast<IntrinsicInst>(&I);
    return Intrinsic &&
           Intrinsic->getIntrinsicID() == Intrinsic::eh_sjlj_setjmp;
  });
}

/// Whether calls of F keep registers that the unwinder does not restore: what
/// the caller has in them would be lost in its pad.
static bool keepsOtherRegisters(const Function &F) {
  switch (F.getCallingConv()) {
  case CallingConv::C:
  case CallingConv::Fast:
  case CallingConv::X86_64_SysV:
  case CallingConv::X86_VectorCall:
    return false;
  default:
    return true;
  }
}

/// Other instrumentation that keeps facts of frames in places that no update
/// takes along: shadow memory, a shadow stack, or a stack of another kind.
static bool hasOtherFrames(const Function &F) {
  for (auto Kind : {Attribute::SanitizeAddress, Attribute::SanitizeHWAddress,
                    Attribute::SanitizeMemory, Attribute::SanitizeThread,
                    Attribute::SanitizeMemTag, Attribute::SafeStack})
    if (F.hasFnAttribute(Kind))
      return true;
  return F.hasFnAttribute("split-stack");
}

bool isTakenForLibrary(const Function &F) {
  // The C library's headers have inline ones; calls that stay go to the
  // library.
  return !F.isDeclarationForLinker() && !F.hasLocalLinkage() &&
         isPlainLibraryFunction(F);
}

bool isInstrumentable(const Function &F, std::string &Why) {
  // available_externally ones too: inlined, they are frames like any other.
  if (F.isDeclaration() || isRuntimeFunction(F))
    return false;
  if (F.hasFnAttribute(Attribute::Naked))
    Why = "it is naked";
  else if (hasOtherFrames(F))
    Why = "a sanitizer (or -fsplit-stack) keeps track of its frame by other "
          "means; -fsanitize=undefined can be updated";
  else if (callsFromAssembler(F))
    Why = "its assembler code calls functions";
  else if (keepsOtherRegisters(F))
    Why = "its calling convention is not that of C";
  else if (callsOtherThatReturnsTwice(F))
    Why = "it calls a function that returns twice and is not setjmp";
  else if (usesBuiltinSetjmp(F))
    Why = "it calls __builtin_setjmp (setjmp can be updated)";
  else if (isTakenForLibrary(F))
    Why = "it has the name of a function of the C library, and other files "
          "take it for that one, which makes no update (another name helps)";
  else if (F.isPresplitCoroutine())
    Why = "it is a coroutine";
  else if (!F.getSubprogram())
    Why = "it has no debug information (compile with -g)";
  return Why.empty();
}

//===----------------------------------------------------------------------===//
// Tail position
//===----------------------------------------------------------------------===//

namespace {
/// Follows what happens after a call as long as it only carries the result to
/// the return.
class TailWalk {
public:
  explicit TailWalk(const CallBase &Call) : Carried(&Call) {}

  bool reachesReturn(const Instruction *I) {
    for (unsigned Steps = 0; I && Steps < 32; ++Steps) {
      if (auto *Return = dyn_cast<ReturnInst>(I))
        return !Return->getReturnValue() || Return->getReturnValue() == Carried;
      I = step(*I);
    }
    return false;
  }

private:
  const Instruction *step(const Instruction &I) {
    if (auto *Store = dyn_cast<StoreInst>(&I)) {
      if (Slot || Store->getValueOperand() != Carried || Store->isVolatile() ||
          !isa<AllocaInst>(Store->getPointerOperand()))
        return nullptr;
      Slot = Store->getPointerOperand();
      return I.getNextNode();
    }
    if (auto *Load = dyn_cast<LoadInst>(&I)) {
      // Another type may be returned in another register.
      if (!Slot || Load->getPointerOperand() != Slot ||
          Load->getType() != Carried->getType())
        return nullptr;
      Carried = Load;
      return I.getNextNode();
    }
    if (auto *Intrinsic = dyn_cast<IntrinsicInst>(&I))
      return Intrinsic->isLifetimeStartOrEnd() || isa<DbgInfoIntrinsic>(&I)
                 ? I.getNextNode()
                 : nullptr;
    if (auto *Branch = dyn_cast<BranchInst>(&I))
      return Branch->isUnconditional() &&
                     !isa<PHINode>(Branch->getSuccessor(0)->front())
                 ? &Branch->getSuccessor(0)->front()
                 : nullptr;
    return nullptr;
  }

  const Value *Carried;
  const Value *Slot = nullptr;
};
} // namespace

/// Whether the callee extends its result as the function itself must.
static bool extendsAlike(const CallBase &Call) {
  const Function &F = *Call.getFunction();
  return all_of(ArrayRef{Attribute::SExt, Attribute::ZExt},
                [&](Attribute::AttrKind Kind) {
                  return F.hasRetAttribute(Kind) == Call.hasRetAttr(Kind);
                });
}

static bool isInTailPosition(const CallBase &Call, const Options &Opts) {
  if (!isa<CallInst>(Call) || isLoopHead(Call) || Opts.KeepTailFrames ||
      Opts.Level == "0" || !extendsAlike(Call))
    return false;
  return TailWalk(Call).reachesReturn(Call.getNextNode());
}

//===----------------------------------------------------------------------===//
// Numbering
//===----------------------------------------------------------------------===//

static std::string calleeName(const CallBase &Call) {
  if (isUpdatePoint(Call) || isLoopHead(Call))
    return "";
  const auto *F =
      dyn_cast<Function>(Call.getCalledOperand()->stripPointerCasts());
  if (!F)
    return "*";
  StringRef Blocking = blockingFunctionOf(F->getName());
  return (Blocking.empty() ? sourceName(*F) : Blocking).str();
}

static PointKind kindOf(const CallBase &Call) {
  if (isUpdatePoint(Call))
    return PointKind::Update;
  if (isLoopHead(Call))
    return PointKind::LoopHead;
  const Function *F = Call.getCalledFunction();
  return F && isBlockingWrapper(F->getName()) ? PointKind::BlockingCall
                                              : PointKind::Call;
}

std::vector<Point> findPoints(Function &F, const UpdateReach &Reach,
                              const Options &Opts) {
  DominatorTree Dominators(F);
  LoopInfo Loops(Dominators);
  DenseMap<const BasicBlock *, unsigned> LoopNumber;
  for (const BasicBlock &B : F)
    if (Loops.isLoopHeader(&B))
      LoopNumber.try_emplace(&B, LoopNumber.size());

  std::vector<Point> Points;
  StringMap<unsigned> Occurrences;
  for (BasicBlock &B : F)
    for (Instruction &I : B) {
      auto *Call = dyn_cast<CallBase>(&I);
      if (!Call || !(Reach.isPoint(*Call) || isLoopHead(*Call)))
        continue;
      Point P;
      P.Number = Points.size();
      P.Kind = kindOf(*Call);
      P.Callee = calleeName(*Call);
      P.ResultType = Call->getType();
      P.Occurrence = Occurrences[P.Callee]++;
      P.Line = I.getDebugLoc() ? I.getDebugLoc().getLine() : 0;
      const BasicBlock *Head = loopEnteredBehind(*Call);
      for (const Loop *L = Loops.getLoopFor(Head ? Head : &B); L;
           L = L->getParentLoop())
        P.Loops.insert(P.Loops.begin(), LoopNumber.lookup(L->getHeader()));
      if ((P.Kind == PointKind::Update || P.Kind == PointKind::LoopHead) &&
          !P.Loops.empty())
        P.PolledLoop = P.Loops.back();
      P.TailPosition = isInTailPosition(*Call, Opts);
      P.Call = Call;
      Points.push_back(std::move(P));
    }
  // A frame that cannot be left need not be entered.
  if (none_of(Points, [](const Point &P) { return P.canBeLeft(); }))
    Points.clear();
  return Points;
}

} // namespace upstare
