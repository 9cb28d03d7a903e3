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
#include "symbol_names.h"
#include <string.h>
#include <unwind.h>

using namespace upstare;

namespace {

enum class Obstacle {
  None,
  SignalHandler,
  ForeignCode,
  OtherStack, // the walk ended, or went on, without meeting the root
};

struct Walk {
  const Thread &T;
  const AddressRanges *Instrumented; // null: any code will do
  bool InProgram = false;            // past the runtime's own frames
  bool AtRoot = false;
  Obstacle Found = Obstacle::None;
  uintptr_t Pc = 0;          // of the frame that is in the way
  uintptr_t Callees[2] = {}; // of the two frames before, the innermost first
};

_Unwind_Reason_Code visit(_Unwind_Context *Context, void *Argument) {
  auto &W = *static_cast<Walk *>(Argument);
  int BeforeInstruction = 0;
  uintptr_t Ip = _Unwind_GetIPInfo(Context, &BeforeInstruction);
  uintptr_t Sp = _Unwind_GetCFA(Context);
  // The frame of the handler, then the code to which it returns (libc's, which
  // looks like any other foreign frame), then what the signal interrupted.
  if (BeforeInstruction) {
    W.Found = Obstacle::SignalHandler;
    W.Pc = W.Callees[0];
    return _URC_END_OF_STACK;
  }
  // The root is the frame whose callee began right below CallSp.
  if (Sp >= W.T.CallSp) {
    W.AtRoot = Sp == W.T.CallSp;
    return _URC_END_OF_STACK;
  }
  // The return address may be the first byte after a function that ends in a
  // call; one byte before it is inside the call.
  uintptr_t Pc = Ip - 1;
  W.Callees[0] = W.Callees[1];
  W.Callees[1] = Pc;
  if (!W.InProgram && theRuntime().hasCode(Pc))
    return _URC_NO_REASON;
  W.InProgram = true;
  if (W.Found == Obstacle::None && W.Instrumented &&
      !W.Instrumented->contain(Pc)) {
    W.Found = Obstacle::ForeignCode;
    W.Pc = Pc;
  }
  return _URC_NO_REASON;
}

/// Writes the stack, one line for each frame.
struct Trace {
  const Walk &W;
  const SymbolNames &Names;
  char *Text;
  size_t Size;
  bool InProgram = false;
  bool ReasonShown = false;
  unsigned Omitted = 0;
};

_Unwind_Reason_Code describeFrame(_Unwind_Context *Context, void *Argument) {
  auto &Tr = *static_cast<Trace *>(Argument);
  const Walk &W = Tr.W;
  int BeforeInstruction = 0;
  uintptr_t Ip = _Unwind_GetIPInfo(Context, &BeforeInstruction);
  uintptr_t Pc = BeforeInstruction ? Ip : Ip - 1;
  uintptr_t Sp = _Unwind_GetCFA(Context);
  // A handler's stack may lie above the program's.
  if (Sp >= W.T.CallSp && (W.Found != Obstacle::SignalHandler || !Pc))
    return _URC_END_OF_STACK;
  if (!Tr.InProgram && theRuntime().hasCode(Pc))
    return _URC_NO_REASON;
  Tr.InProgram = true;
  char Line[320] = "\n  ";
  Tr.Names.append(Line, sizeof Line, Pc);
  SymbolNames::appendPlace(Line, sizeof Line, Pc);
  if (!W.Instrumented->contain(Pc))
    appendText(Line, sizeof Line, ", not instrumented");
  if (BeforeInstruction)
    appendText(Line, sizeof Line, ", interrupted by the signal");
  if (Pc == W.Pc && !Tr.ReasonShown) {
    Tr.ReasonShown = true;
    appendText(Line, sizeof Line, "  <-- %s",
               W.Found == Obstacle::SignalHandler ? "signal handler"
                                                  : "in the way");
  }
  if (Tr.Omitted || strlen(Tr.Text) + strlen(Line) >= Tr.Size)
    ++Tr.Omitted;
  else
    appendText(Tr.Text, Tr.Size, "%s", Line);
  return _URC_NO_REASON;
}

/// Why the code at Pc may stop updates though it is instrumented: it is in an
/// image that the patch knows nothing of.
const char *whyOutsidePatch(const Walk &W) {
  LoadedObject Object;
  if (!findObject(W.Pc, Object)) // lists one namespace only
    return " or is in a library that dlmopen loaded, which no update reaches";
  if (!isInstrumentedImage(W.Pc))
    return "";
  for (size_t I = 0; I != W.Instrumented->Count; ++I)
    if (Object.Extent.contains(W.Instrumented->Ranges[I].Begin))
      return "";
  return " or is in a library that is not part of the patch "
         "(upstare-patchgen --old-library FILE --new-library FILE)";
}

void explain(const Walk &W, ErrorText &Why) {
  char Frame[256] = "";
  SymbolNames Names;
  Names.append(Frame, sizeof Frame, W.Pc);
  switch (W.Found) {
  case Obstacle::SignalHandler:
    Why.fail(Status::NotNow,
             "the signal handler %s is active, and must return first", Frame);
    break;
  case Obstacle::ForeignCode:
    Why.fail(Status::NotNow,
             "%s is active, which was not built with upstare-cc%s: it must "
             "return first, or be built with upstare-cc",
             Frame, whyOutsidePatch(W));
    break;
  default:
    Why.fail(Status::NotNow, "it runs on a stack that does not begin in main");
  }
  appendText(Why.Text, sizeof Why.Text, "; stack, innermost first:");
  constexpr size_t RoomForEnd = 40;
  Trace Tr{W, Names, Why.Text, sizeof Why.Text - RoomForEnd};
  _Unwind_Backtrace(describeFrame, &Tr);
  if (Tr.Omitted)
    appendText(Why.Text, sizeof Why.Text, "\n  ... and %u more frames",
               Tr.Omitted);
}

} // namespace

Status upstare::checkStack(const Thread &T, const AddressRanges &Instrumented,
                           ErrorText &Why) {
  if (uintptr_t Maker = contextMaker()) {
    char Frame[256] = "";
    SymbolNames().append(Frame, sizeof Frame, Maker - 1);
    return Why.fail(
        Status::NotNow,
        "%s has made a stack of its own (makecontext), whose frames "
        "cannot be updated",
        Frame);
  }
  Walk W{T, &Instrumented};
  _Unwind_Backtrace(visit, &W);
  if (W.AtRoot && W.Found == Obstacle::None)
    return Status::Ok;
  if (W.Found == Obstacle::None)
    W.Found = Obstacle::OtherStack;
  explain(W, Why);
  return Status::NotNow;
}

bool upstare::stackIsCalm(const Thread &T) {
  Walk W{T, nullptr};
  _Unwind_Backtrace(visit, &W);
  return W.AtRoot && W.Found == Obstacle::None;
}
