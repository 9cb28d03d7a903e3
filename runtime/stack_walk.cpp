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
#include "images.h"
#include "symbol_names.h"
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
  uintptr_t Pc = 0;
  unsigned Depth = 0;
};

_Unwind_Reason_Code visit(_Unwind_Context *Context, void *Argument) {
  auto &W = *static_cast<Walk *>(Argument);
  int BeforeInstruction = 0;
  uintptr_t Ip = _Unwind_GetIPInfo(Context, &BeforeInstruction);
  uintptr_t Sp = _Unwind_GetCFA(Context);
  // The root is the frame whose callee began right below CallSp.
  if (Sp >= W.T.CallSp) {
    W.AtRoot = Sp == W.T.CallSp;
    return _URC_END_OF_STACK;
  }
  ++W.Depth;
  auto stop = [&](Obstacle O) {
    W.Found = O;
    W.Pc = Ip;
    return _URC_END_OF_STACK;
  };
  if (BeforeInstruction)
    return stop(Obstacle::SignalHandler);
  // The return address may be the first byte after a function that ends in a
  // call; one byte before it is inside the call.
  uintptr_t Pc = Ip - 1;
  if (!W.InProgram && theRuntime().hasCode(Pc))
    return _URC_NO_REASON;
  W.InProgram = true;
  if (W.Instrumented && !W.Instrumented->contain(Pc))
    return stop(Obstacle::ForeignCode);
  return _URC_NO_REASON;
}

struct Trace {
  const Thread &T;
  const SymbolNames &Names;
  char *Text;
  size_t Size;
  unsigned Limit; // frames to name at most
  unsigned Named = 0;
};

_Unwind_Reason_Code describeFrame(_Unwind_Context *Context, void *Argument) {
  auto &Tr = *static_cast<Trace *>(Argument);
  int BeforeInstruction = 0;
  uintptr_t Ip = _Unwind_GetIPInfo(Context, &BeforeInstruction);
  if (_Unwind_GetCFA(Context) >= Tr.T.CallSp)
    return _URC_END_OF_STACK;
  if (!Tr.Named && theRuntime().hasCode(Ip - 1))
    return _URC_NO_REASON;
  if (Tr.Named == Tr.Limit) {
    appendText(Tr.Text, Tr.Size, " < ...");
    return _URC_END_OF_STACK;
  }
  appendText(Tr.Text, Tr.Size, Tr.Named++ ? " < " : "");
  Tr.Names.append(Tr.Text, Tr.Size, BeforeInstruction ? Ip : Ip - 1);
  if (BeforeInstruction)
    appendText(Tr.Text, Tr.Size, " (interrupted by a signal)");
  return _URC_NO_REASON;
}

/// Whether the code at Pc may be instrumented, in an image that the patch knows
/// nothing of.
bool isOutsidePatch(const Walk &W) {
  LoadedObject Object;
  if (!isInstrumentedImage(W.Pc) || !findObject(W.Pc, Object))
    return false;
  for (size_t I = 0; I != W.Instrumented->Count; ++I)
    if (Object.Extent.contains(W.Instrumented->Ranges[I].Begin))
      return false;
  return true;
}

void explain(const Walk &W, ErrorText &Why) {
  char Frame[256] = "";
  SymbolNames Names;
  Names.append(Frame, sizeof Frame, W.Pc);
  switch (W.Found) {
  case Obstacle::SignalHandler:
    Why.fail(Status::NotNow, "it is in a signal handler, in %s", Frame);
    break;
  case Obstacle::ForeignCode:
    Why.fail(Status::NotNow,
             "%s is active, which was not built with upstare-cc%s", Frame,
             isOutsidePatch(W) ? " or is in a library that is not part of the "
                                 "patch (upstare-patchgen --old-library FILE "
                                 "--new-library FILE)"
                               : "");
    break;
  default:
    Why.fail(Status::NotNow, "it runs on a stack that does not begin in main");
  }
  appendText(Why.Text, sizeof Why.Text, "; stack: ");
  Trace Tr{W.T, Names, Why.Text, sizeof Why.Text - 16, 24};
  _Unwind_Backtrace(describeFrame, &Tr);
}

} // namespace

Status upstare::checkStack(const Thread &T, const AddressRanges &Instrumented,
                           ErrorText &Why) {
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
