//===- unroll.cpp - taking a stack apart ------------------------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Answers: how do the frames of a stack come into records?
//
// _Unwind_ForcedUnwind calls the stop function for each frame, the pad of that
// frame (if it has one) writes its record at the cursor and resumes, which
// calls the stop function again for the same frame. A frame is known by its
// stack pointer (which its pad may have changed: arguments that the call had
// pushed are gone there); which records are its own shows by how far the cursor
// has moved.
//
// The stop function never lets the unwinder pass the root: at the root, and
// whenever something is wrong, the thread leaves for the other stack.
//
//===----------------------------------------------------------------------===//

#include "unroll.h"
#include "export.h"
#include "symbol_names.h"
#include <string.h>

using namespace upstare;

#define UPSTARE_THREAD_VARIABLE                                                \
  __attribute__((visibility("default"), tls_model("initial-exec"))) __thread
extern "C" {
UPSTARE_THREAD_VARIABLE void *upstare_cursor = nullptr;
UPSTARE_THREAD_VARIABLE void *upstare_exception = nullptr;
}

extern "C" _Unwind_Reason_Code __gcc_personality_v0(int, _Unwind_Action,
                                                    _Unwind_Exception_Class,
                                                    _Unwind_Exception *,
                                                    _Unwind_Context *);

static thread_local bool MetUninstrumented
    __attribute__((tls_model("initial-exec")));

/// Called for each frame of a function that the passes have left as it was.
UPSTARE_EXPORT _Unwind_Reason_Code
upstare_uninstrumented(int, _Unwind_Action, _Unwind_Exception_Class,
                       _Unwind_Exception *Exception, _Unwind_Context *) {
  if (Exception == upstare_exception)
    MetUninstrumented = true;
  return _URC_CONTINUE_UNWIND;
}

namespace {

[[noreturn]] void leave(Unroll &U, Status Result) {
  U.Result = Result;
  upstare_exception = nullptr;
  upstareSwitchStack(U.StackTop, U.Landed, U.Owner);
}

bool appendFrame(Unroll &U, upstare_frame *Record) {
  if (U.Count == U.Capacity) {
    size_t Capacity = U.Capacity ? 2 * U.Capacity : 256;
    auto *Grown = U.Index.allocateArray<UnrolledFrame>(Capacity);
    if (!Grown)
      return false;
    if (U.Count)
      memcpy(Grown, U.Frames, U.Count * sizeof *Grown);
    U.Frames = Grown;
    U.Capacity = Capacity;
  }
  U.Frames[U.Count++] = {Record, U.FrameSp};
  return true;
}

/// Enters the records that the frame visited last has written. Returns whether
/// there are any: then it is this frame that the unwinder goes on from.
bool takeRecords(Unroll &U) {
  const char *Before = U.Taken;
  auto *End = static_cast<char *>(upstare_cursor);
  while (U.Taken != End) {
    auto *Record = reinterpret_cast<upstare_frame *>(U.Taken);
    if (End - U.Taken < static_cast<ptrdiff_t>(sizeof *Record) ||
        Record->size < sizeof *Record ||
        Record->size > static_cast<size_t>(End - U.Taken) ||
        Record->size % UPSTARE_FRAME_ALIGN) {
      leave(U, U.Why->fail(Status::CannotMap,
                           "a frame record of %zu bytes is damaged",
                           static_cast<size_t>(End - U.Taken)));
    }
    if (!appendFrame(U, Record))
      leave(U, U.Why->fail(Status::OutOfMemory));
    U.FrameHasRecord = true;
    U.Taken += Record->size;
  }
  U.Records.takeUntil(End);
  return U.Taken != Before;
}

/// Before the unwinder leaves a frame for its caller. The walk before has seen
/// that all code is known; this sees that none was missed.
void checkLeftFrame(Unroll &U) {
  if (MetUninstrumented) {
    char Frame[256] = "";
    SymbolNames().append(Frame, sizeof Frame, U.FramePc);
    leave(U, U.Why->fail(Status::NotNow,
                         "%s is active, which could not be instrumented (the "
                         "compiler's warning tells why)",
                         Frame));
  }
  if (!U.FrameSp || U.FrameHasRecord || theRuntime().hasCode(U.FramePc) ||
      U.Instrumented->contain(U.FramePc))
    return; // the last: a call in tail position, whose frame is done
  char Frame[256] = "";
  SymbolNames().append(Frame, sizeof Frame, U.FramePc);
  leave(U, U.Why->fail(Status::NotNow, "%s has left no record", Frame));
}

/// Gives the next pad room for its records.
void prepareCursor(Unroll &U) {
  if (!U.Records.reserve(UPSTARE_MAX_PAD_BYTES))
    leave(U, U.Why->fail(Status::OutOfMemory));
  upstare_cursor = U.Taken = U.Records.cursor();
}

/// Enters the landing pad of the update point itself. Only callee-saved
/// registers would survive if the unwinder did, see update_point_x86_64.S.
void enterFirstPad(Unroll &U, _Unwind_Exception *Exception,
                   _Unwind_Context *Context) {
  // Any personality finds the pad, since it is a cleanup; it stores what the
  // pad gets in rax and rdx where the unwind information says that these are.
  // _Unwind_Action is an int in the unwinder's interface, made of these bits.
  constexpr int Actions = _UA_CLEANUP_PHASE | _UA_FORCE_UNWIND;
  _Unwind_Action Action;
  memcpy(&Action, &Actions, sizeof Action);
  _Unwind_Reason_Code Code = __gcc_personality_v0(
      1, Action, Exception->exception_class, Exception, Context);
  if (Code != _URC_INSTALL_CONTEXT)
    leave(U, U.Why->fail(Status::NotNow, "an update point has no landing pad"));
  U.T->Entry.Registers->ReturnAddress = _Unwind_GetIP(Context);
  upstareEnterPad(U.T->Entry.Registers, U.T->Entry.XsaveArea);
}

_Unwind_Reason_Code stopAt(int, _Unwind_Action Actions, _Unwind_Exception_Class,
                           _Unwind_Exception *Exception,
                           _Unwind_Context *Context, void *Argument) {
  auto &U = *static_cast<Unroll *>(Argument);
  bool SameFrame = takeRecords(U);
  uintptr_t Sp = _Unwind_GetCFA(Context);
  // The arguments that the call had pushed are gone in the pad.
  if (SameFrame)
    U.FrameSp = Sp;
  if (Sp != U.FrameSp) {
    checkLeftFrame(U);
    U.FrameSp = Sp;
    U.FrameHasRecord = false;
  }
  U.FramePc = _Unwind_GetIP(Context) - 1;
  if (Sp >= U.T->CallSp)
    leave(U, Sp == U.T->CallSp
                 ? Status::Ok
                 : U.Why->fail(Status::NotNow, "the stack has no root"));
  if (Actions & _UA_END_OF_STACK)
    leave(U, U.Why->fail(Status::NotNow, "the stack ends before the root"));
  prepareCursor(U);
  const UpdatePointEntry &Entry = U.T->Entry;
  if (Entry.Registers && Sp == Entry.callerSp() && !U.FrameHasRecord)
    enterFirstPad(U, Exception, Context);
  return _URC_NO_REASON;
}

} // namespace

void upstare::unroll(Unroll &U) {
  if (!U.Records.reserve(UPSTARE_MAX_PAD_BYTES))
    leave(U, U.Why->fail(Status::OutOfMemory));
  upstare_cursor = U.Taken = U.Records.cursor();
  _Unwind_Exception &Exception = U.T->Exception;
  memset(&Exception, 0, sizeof Exception);
  memcpy(&Exception.exception_class, "UPSTARE", 8);
  upstare_exception = &Exception;
  MetUninstrumented = false;
  _Unwind_Reason_Code Code = _Unwind_ForcedUnwind(&Exception, stopAt, &U);
  // Only an error of the unwinder comes here; the stack is still whole.
  leave(U, U.Why->fail(Status::NotNow, "the unwinder gave up (code %d)",
                       static_cast<int>(Code)));
}

void upstare::warmUpUnwinder() {
  auto refuse = [](int, _Unwind_Action, _Unwind_Exception_Class,
                   _Unwind_Exception *, _Unwind_Context *, void *) {
    return _URC_FATAL_PHASE2_ERROR; // before anything is unwound
  };
  _Unwind_Exception Exception = {};
  _Unwind_ForcedUnwind(&Exception, refuse, nullptr);
  auto walk = [](_Unwind_Context *Context, void *) {
    return _Unwind_GetIP(Context) ? _URC_NO_REASON : _URC_END_OF_STACK;
  };
  _Unwind_Backtrace(walk, nullptr);
}
