//===- stack_text.cpp - a stack, for people ---------------------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Answers: how is a frame that is in the way told?
//
//===----------------------------------------------------------------------===//

#include "stack_text.h"
#include "images.h"
#include "symbol_names.h"
#include <string.h>
#include <sys/prctl.h>

using namespace upstare;

/// Why the code at Pc may stop updates though it is instrumented: it is in an
/// image that the patch knows nothing of.
static const char *whyOutsidePatch(uintptr_t Pc,
                                   const AddressRanges *Instrumented) {
  LoadedObject Object;
  if (!Instrumented || theProgram().hasCode(Pc))
    return "";
  if (!findObject(Pc, Object)) // lists one namespace only
    return " or is in a library that dlmopen loaded, which no update reaches";
  if (!isInstrumentedImage(Pc))
    return "";
  for (size_t I = 0; I != Instrumented->Count; ++I)
    if (Object.Extent.contains(Instrumented->Ranges[I].Begin))
      return "";
  return " or is in a library that is not part of the patch "
         "(upstare-patchgen --old-library FILE --new-library FILE)";
}

static Status tellReason(const StackFinding &Found, const char *Frame,
                         const AddressRanges *Instrumented, ErrorText &Why) {
  switch (Found.What) {
  case Obstacle::SignalHandler:
    return Why.fail(Status::NotNow,
                    "the signal handler %s is active, and must return first",
                    Frame);
  case Obstacle::ForeignCode:
    return Why.fail(
        Status::NotNow,
        "%s is active, which was not built with upstare-cc%s: it must "
        "return first, or be built with upstare-cc",
        Frame, whyOutsidePatch(Found.Pc, Instrumented));
  case Obstacle::Allocator:
    return Why.fail(Status::NotNow,
                    "%s, the program's own, is active: it must return first, "
                    "since a patch cannot be loaded without it",
                    Frame);
  case Obstacle::Unwinding:
    return Why.fail(
        Status::NotNow,
        "who has called %s cannot be known, since its unwind information is "
        "missing or wrong (assembler code without .cfi directives?): it must "
        "return first",
        Frame);
  case Obstacle::NoMain:
    return Why.fail(Status::NoRoot);
  case Obstacle::NoPoint:
    return Why.fail(
        Status::NotReached,
        "it is in %s (loops whose number of rounds has a bound have no update "
        "points, unless compiled with UPSTARE_OPTIONS=poll-counted-loops)",
        Frame);
  default:
    return Why.fail(Status::NotNow,
                    "it runs on a stack that does not begin in main, but in %s",
                    Frame);
  }
}

namespace {

/// Writes frames, one line for each, until there is no room.
class Lines {
public:
  Lines(const StackFinding &Found, const AddressRanges *Instrumented,
        const SymbolNames &Names, ErrorText &Why)
      : Found(Found), Instrumented(Instrumented), Names(Names), Why(Why) {}

  bool add(const StackFrame &Frame);
  void finish(const StackEnd &End);

private:
  const StackFinding &Found;
  const AddressRanges *Instrumented;
  const SymbolNames &Names;
  ErrorText &Why;
  const size_t Begin = strlen(Why.Text);
  bool ReasonShown = false;
  bool BeyondLibraries = false; // past the innermost frames, of libraries
  unsigned Omitted = 0;

  static constexpr size_t RoomForEnd = 100;
};

} // namespace

bool Lines::add(const StackFrame &Frame) {
  // Nor are the functions that the runtime was in of interest.
  if (!Instrumented && Frame.IsRuntime) {
    if (!BeyondLibraries)
      Why.Text[Begin] = 0;
    return true;
  }
  char Line[320] = "\n  ";
  if (Frame.IsSignalReturn)
    appendText(Line, sizeof Line, "(signal)");
  else
    Names.append(Line, sizeof Line, Frame.Pc);
  SymbolNames::appendPlace(Line, sizeof Line, Frame.Pc);
  BeyondLibraries |= Frame.IsInstrumented || Frame.IsSignalReturn;
  bool Instruments =
      Instrumented ? Instrumented->contain(Frame.Pc) : Frame.IsInstrumented;
  if (!Instruments && !Frame.IsSignalReturn)
    appendText(Line, sizeof Line, ", not instrumented");
  if (Frame.IsInterrupted)
    appendText(Line, sizeof Line, ", interrupted by the signal");
  if (Frame.Pc == Found.Pc && !ReasonShown && Found.What != Obstacle::NoPoint) {
    ReasonShown = true;
    appendText(Line, sizeof Line, "  <-- %s",
               Found.What == Obstacle::SignalHandler ? "signal handler"
                                                     : "in the way");
  }
  if (Omitted ||
      strlen(Why.Text) + strlen(Line) >= sizeof Why.Text - RoomForEnd)
    ++Omitted;
  else
    appendText(Why.Text, sizeof Why.Text, "%s", Line);
  return true;
}

void Lines::finish(const StackEnd &End) {
  if (Omitted)
    appendText(Why.Text, sizeof Why.Text, "\n  ... and %u more frames",
               Omitted);
  if (isLost(End))
    appendText(Why.Text, sizeof Why.Text,
               "\n  (the stack cannot be followed further)");
}

Status upstare::tellStack(const Thread &T, StackStart Start,
                          const StackFinding &Found,
                          const AddressRanges *Instrumented, ErrorText &Why) {
  char Frame[256] = "", Thread[17] = "";
  SymbolNames Names;
  Names.append(Frame, sizeof Frame, Found.Pc);
  Status S = tellReason(Found, Frame, Instrumented, Why);
  if (Start == StackStart::Here) {
    appendText(Why.Text, sizeof Why.Text, "; stack, innermost first:");
  } else {
    prctl(PR_GET_NAME, Thread);
    appendText(Why.Text, sizeof Why.Text,
               "; stack of thread %d (%s), innermost first:", int(T.Tid),
               Thread);
  }
  Lines Text(Found, Instrumented, Names, Why);
  Text.finish(followStack(
      T, Start, [&](const StackFrame &Each) { return Text.add(Each); }));
  return S;
}

/// What the function at Pc has done that stops all updates.
static Status tellDeed(uintptr_t Pc, const char *Deed, ErrorText &Why) {
  char Frame[256] = "";
  SymbolNames().append(Frame, sizeof Frame, Pc);
  return Why.fail(Status::NotNow, "%s has %s", Frame, Deed);
}

Status upstare::tellContextMaker(uintptr_t Pc, ErrorText &Why) {
  return tellDeed(Pc,
                  "made a stack of its own (makecontext), whose frames cannot "
                  "be updated",
                  Why);
}

Status upstare::tellOtherStack(uintptr_t Pc, ErrorText &Why) {
  return tellDeed(Pc,
                  "run on a stack of its own, and frames that may still be on "
                  "it cannot be updated",
                  Why);
}
