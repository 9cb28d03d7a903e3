//===- stack_follower.cpp - from frame to frame -----------------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Answers: which frame comes next, and is it one?
//
// The unwinder believes what it is told. Assembler code that moves the stack
// without saying so leads it to a word that is no return address, or to memory
// that does not exist. So each return address must follow a call, and each
// frame lie above the one before; and faults are caught.
//
//===----------------------------------------------------------------------===//

#include "stack_follower.h"
#include "address_space.h"
#include "fault_signals.h"
#include "images.h"
#include <dlfcn.h>
#include <setjmp.h>
#include <string.h>
#include <unwind.h>

using namespace upstare;

namespace {

class Follower {
public:
  Follower(const Thread &T, StackStart Start,
           bool (*Visit)(const StackFrame &, void *), void *Argument)
      : T(T), Visit(Visit), Argument(Argument),
        Begun(Start == StackStart::Here) {}

  StackEnd run();

private:
  const Thread &T;
  bool (*const Visit)(const StackFrame &, void *);
  void *const Argument;
  bool Begun;
  bool InProgram = false; // past the runtime's own frames
  uintptr_t LastSp = 0;
  AddressRange Object = {}; // that the latest frame is in
  bool ObjectIsInstrumented = false;
  StackEnd End = {StackEnd::Last, 0, 0};

  _Unwind_Reason_Code next(_Unwind_Context *Context);
  bool isInObject(uintptr_t Pc);
  bool followsCall(uintptr_t Ip) const;
  bool isSignalReturn(uintptr_t Ip) const;
  _Unwind_Reason_Code stop(decltype(StackEnd::Kind) Kind) {
    End.Kind = Kind;
    return _URC_END_OF_STACK;
  }
};

jmp_buf WayOut; // of the one thread that follows its stack

} // namespace

bool Follower::isInObject(uintptr_t Pc) {
  if (Object.contains(Pc))
    return true;
  Object = {};
  ObjectIsInstrumented = false;
  // Lock-free, so that it can be called in a signal handler.
  dl_find_object Found;
  if (_dl_find_object(reinterpret_cast<void *>(Pc), &Found))
    return false;
  Object = {reinterpret_cast<uintptr_t>(Found.dlfo_map_start),
            reinterpret_cast<uintptr_t>(Found.dlfo_map_end)};
  ObjectIsInstrumented = isInstrumentedImage(Pc);
  return true;
}

/// Bytes of FF /2, an indirect call, whose operand begins at Operand; 0: it is
/// another instruction.
static int lengthOfIndirectCall(const unsigned char *Operand) {
  unsigned Mode = Operand[0] >> 6, Register = Operand[0] & 7;
  if ((Operand[0] >> 3 & 7) != 2)
    return 0;
  if (Mode == 3)
    return 2;
  bool HasIndex = Register == 4;
  unsigned Base = HasIndex ? Operand[1] & 7 : Register;
  int Displacement = Mode == 1 ? 1 : Mode == 2 || Base == 5 ? 4 : 0;
  return 2 + HasIndex + Displacement;
}

/// Whether there is a call right before Ip, which is in Object.
bool Follower::followsCall(uintptr_t Ip) const {
  constexpr int DirectCall = 5, Shortest = 2, Longest = 7;
  if (Ip - Object.Begin < Longest)
    return false;
  const auto *Code = reinterpret_cast<const unsigned char *>(Ip);
  if (Code[-DirectCall] == 0xe8)
    return true;
  for (int Length = Shortest; Length <= Longest; ++Length)
    if (Code[-Length] == 0xff &&
        lengthOfIndirectCall(Code - Length + 1) == Length)
      return true;
  return false;
}

/// mov $SYS_rt_sigreturn, %rax; syscall: how libgcc's unwinder and debuggers
/// know it.
bool Follower::isSignalReturn(uintptr_t Ip) const {
  static const unsigned char Pattern[] = {0x48, 0xc7, 0xc0, 0x0f, 0x00,
                                          0x00, 0x00, 0x0f, 0x05};
  return Object.End - Ip >= sizeof Pattern &&
         !memcmp(reinterpret_cast<const void *>(Ip), Pattern, sizeof Pattern);
}

_Unwind_Reason_Code Follower::next(_Unwind_Context *Context) {
  int BeforeInstruction = 0;
  uintptr_t Ip = _Unwind_GetIPInfo(Context, &BeforeInstruction);
  uintptr_t Sp = _Unwind_GetCFA(Context);
  if (!Begun && !BeforeInstruction)
    return _URC_NO_REASON;
  if (!Ip) // it is said to be the outermost
    return stop(StackEnd::Last);
  bool IsFirst = !Begun;
  Begun = true;
  // The root is the frame whose callee began right below CallSp.
  if (Sp == T.CallSp)
    return stop(StackEnd::Root);
  // The return address may be the first byte after a function that ends in a
  // call; one byte before it is inside the call.
  uintptr_t Pc = BeforeInstruction ? Ip : Ip - 1;
  bool Known = isInObject(Pc), IsRuntime = theRuntime().hasCode(Pc);
  if (!InProgram && IsRuntime) {
    LastSp = Sp;
    return _URC_NO_REASON;
  }
  bool IsSignalReturn = !BeforeInstruction && Known && isSignalReturn(Ip);
  // A handler may have a stack of its own.
  bool IsCaller = BeforeInstruction || IsSignalReturn ||
                  (Sp > LastSp && (!Known || followsCall(Ip)));
  if (!IsCaller)
    return stop(StackEnd::Astray);
  LastSp = Sp;
  InProgram = true;
  if (!Visit({Pc, IsSignalReturn, BeforeInstruction && !IsFirst,
              ObjectIsInstrumented, IsRuntime},
             Argument))
    return stop(StackEnd::Left);
  End.LastPc = Pc;
  End.LastSp = Sp;
  return _URC_NO_REASON;
}

StackEnd Follower::run() {
  takeFaultSignals([](int, const siginfo_t &) { _longjmp(WayOut, 1); });
  if (_setjmp(WayOut) == 0)
    _Unwind_Backtrace(
        [](_Unwind_Context *Context, void *Self) {
          return static_cast<Follower *>(Self)->next(Context);
        },
        this);
  else
    End.Kind = StackEnd::Astray;
  returnFaultSignals();
  return End;
}

StackEnd upstare::followStack(const Thread &T, StackStart Start,
                              bool (*Visit)(const StackFrame &, void *),
                              void *Argument) {
  return Follower(T, Start, Visit, Argument).run();
}

const void *upstare::functionAt(uintptr_t Pc) {
  // It looks at the byte before.
  return _Unwind_FindEnclosingFunction(reinterpret_cast<void *>(Pc + 1));
}

bool upstare::isLost(const StackEnd &End) {
  return End.Kind == StackEnd::Astray ||
         (End.Kind == StackEnd::Last && !functionAt(End.LastPc));
}
