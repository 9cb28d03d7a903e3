//===- stack_walk.cpp - may this stack be updated? --------------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Answers: which frame, if any, is in the way of an update?
//
//===----------------------------------------------------------------------===//

#include "stack_walk.h"
#include "contexts.h"
#include "images.h"
#include "stack_follower.h"
#include "stack_text.h"
#include "versions.h"
#include <link.h>
#include <malloc.h>
#include <stdlib.h>
#include <unistd.h>

using namespace upstare;

/// What the end of the walk says, if no frame was in the way.
static StackFinding judgeEnd(const StackEnd &End) {
  if (End.Kind == StackEnd::Root)
    return {};
  if (isLost(End) || TheMainStack.contains(End.LastSp))
    return {Obstacle::Unwinding, End.LastPc};
  OtherStackUser = End.LastPc;
  return {Obstacle::OtherStack, End.LastPc};
}

void upstare::lookAtStack() {
  Thread *T = self();
  stack_t Signals;
  // A child that shares the memory (clone, vfork) has what stack it likes.
  if (OtherStackUser || !T || T->Busy || T->Pid != getpid() ||
      (sigaltstack(nullptr, &Signals) == 0 && (Signals.ss_flags & SS_ONSTACK)))
    return;
  ParkedSignals Blocked;
  // That of a handler may be one of which the kernel does not tell any more.
  bool InHandler = false;
  StackEnd End =
      followStack(*T, StackStart::Here, [&](const StackFrame &Frame) {
        InHandler |= Frame.IsSignalReturn;
        return true;
      });
  if (!InHandler)
    judgeEnd(End);
}

//===----------------------------------------------------------------------===//
// Functions that may not be entered again
//===----------------------------------------------------------------------===//

/// Code that holds the dynamic linker's locks while it calls back: the linker
/// itself (dlopen runs constructors), and dl_iterate_phdr.
static bool holdsLinkerLock(uintptr_t Pc) {
  return theLinker().hasCode(Pc) ||
         functionAt(Pc) == reinterpret_cast<void *>(dl_iterate_phdr);
}

/// The functions that make an allocator; the program's, if it has its own.
static bool isAllocatorFunction(const void *Address) {
  static const void *const Functions[] = {
#define UPSTARE_ALLOCATOR(Name) reinterpret_cast<const void *>(Name),
#include "upstare/allocators.def"
  };
  for (const void *Function : Functions)
    if (Function == Address)
      return true;
  return false;
}

/// Whether Pc is in a function by which the program, built with upstare-cc,
/// replaces one of malloc's family.
static bool isOwnAllocator(uintptr_t Pc) {
  const void *Start = functionAt(Pc);
  if (isAllocatorFunction(Start))
    return true;
  // A later version's, or its clone.
  const upstare_patch *Tables = currentVersion().Tables;
  for (uint64_t I = 0; Tables && I != Tables->function_count; ++I) {
    const upstare_patch_function &F = Tables->functions[I];
    if (!isAllocatorFunction(F.canonical))
      continue;
    if (F.entry == Start)
      return true;
    for (uint64_t J = 0; J != Tables->point_count; ++J) {
      const upstare_frame_map *Map = Tables->points[J].frame;
      if (Map && Map->new_key == F.key && Map->rebuild == Start)
        return true;
    }
  }
  return false;
}

static bool hasOwnAllocator() {
  return isInstrumentedImage(reinterpret_cast<uintptr_t>(malloc));
}

bool upstare::stackIsCalm(const Thread &T) {
  bool OwnAllocator = hasOwnAllocator(), Calm = true;
  StackEnd End = followStack(T, StackStart::Here, [&](const StackFrame &Frame) {
    Calm &= !Frame.IsSignalReturn &&
            (Frame.IsInstrumented ? !OwnAllocator || !isOwnAllocator(Frame.Pc)
                                  : !holdsLinkerLock(Frame.Pc));
    return true;
  });
  return judgeEnd(End).What == Obstacle::None && Calm;
}

//===----------------------------------------------------------------------===//
// What is in the way
//===----------------------------------------------------------------------===//

namespace {

/// Looks for what is in the way, frame by frame.
struct Search {
  const AddressRanges *Instrumented; // null: all code of instrumented images
  StackFinding Found = {};
  uintptr_t Innermost = 0; // of the program
  uintptr_t Before = 0;
  bool InLibrary = false; // the frames before are those of Found
  bool OwnAllocator = hasOwnAllocator();

  bool visit(const StackFrame &Frame);
};

} // namespace

bool Search::visit(const StackFrame &Frame) {
  if (Found.What == Obstacle::SignalHandler)
    return true; // what comes now is what the signal has interrupted
  if (Frame.IsSignalReturn) {
    Found = {Obstacle::SignalHandler, Before};
    return true;
  }
  bool Foreign =
      Instrumented ? !Instrumented->contain(Frame.Pc) : !Frame.IsInstrumented;
  bool Nothing = Found.What == Obstacle::None;
  if (!Instrumented && Frame.IsRuntime) {
    // What the runtime has called is not in the way.
    if (InLibrary)
      Found = {};
    InLibrary = false;
  } else if (Foreign && (Nothing || InLibrary)) {
    // The function that the program has called says more than where in the
    // library it is.
    Found = {Obstacle::ForeignCode, Frame.Pc};
    InLibrary = true;
  } else {
    InLibrary = false;
    if (!Innermost)
      Innermost = Frame.Pc;
    if (Nothing && !Instrumented && OwnAllocator && isOwnAllocator(Frame.Pc))
      Found = {Obstacle::Allocator, Frame.Pc};
  }
  Before = Frame.Pc;
  return true;
}

Status upstare::checkStack(const Thread &T, const AddressRanges &Instrumented,
                           ErrorText &Why) {
  if (uintptr_t Maker = contextMaker())
    return tellContextMaker(Maker - 1, Why);
  Search S{&Instrumented};
  StackEnd End = followStack(T, StackStart::Here, [&](const StackFrame &Frame) {
    return S.visit(Frame);
  });
  StackFinding AtEnd = judgeEnd(End);
  if (S.Found.What == Obstacle::None)
    S.Found = AtEnd;
  if (S.Found.What == Obstacle::None && OtherStackUser)
    return tellOtherStack(OtherStackUser, Why);
  return S.Found.What == Obstacle::None
             ? Status::Ok
             : tellStack(T, StackStart::Here, S.Found, &Instrumented, Why);
}

Status upstare::explainStack(const Thread &T, ErrorText &Why) {
  Search S{nullptr};
  StackEnd End =
      followStack(T, StackStart::Interrupted,
                  [&](const StackFrame &Frame) { return S.visit(Frame); });
  StackFinding AtEnd = {Obstacle::NoMain, 0};
  if (T.RootSp)
    AtEnd = judgeEnd(End);
  if (S.Found.What == Obstacle::None || !T.RootSp)
    S.Found = AtEnd;
  if (S.Found.What == Obstacle::None)
    S.Found = {Obstacle::NoPoint, S.Innermost};
  return tellStack(T, StackStart::Interrupted, S.Found, nullptr, Why);
}
