//===- reserved_stack.cpp - which part of the old stack stays ---*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Answers: which parts of the old stack may something still point into?
//
// A pinned object that is alive is in the record of its frame, as an address.
// So are by-value pointers. So the addresses in the records tell what must
// stay. A number that happens to look like such an address only makes us keep
// more.
//
// Of the frames that are active, all from the lowest one on that is referred to
// stay, as one range: parts of them are in no record, such as the register save
// area of a va_list, and the arguments that a caller has pushed for it. Above
// CallSp, each range that earlier updates have kept stays or goes as a whole.
//
// No record names what alloca has given, and arrays of variable length, if only
// a global or other memory knows their address. A frame that may hold such
// objects (UPSTARE_POINT_KEEPS_FRAME) stays with all above it, until fewer
// frames are active at an update than it takes for this one to be among them.
//
//===----------------------------------------------------------------------===//

#include "reserved_stack.h"
#include "memory_checker.h"
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>

using namespace upstare;

namespace {

class References {
public:
  explicit References(const upstare_update &Update)
      : Before(Update.T->Kept),
        Active{reinterpret_cast<uintptr_t>(Update.Context), Update.T->CallSp},
        LowestActive(Active.End), Root(Update.T->RootSp) {}

  void addWords(const void *Begin, size_t Size) {
    const auto *Bytes = static_cast<const char *>(Begin);
    for (size_t I = 0; I + sizeof(uintptr_t) <= Size; I += sizeof(uintptr_t)) {
      uintptr_t Word;
      memcpy(&Word, Bytes + I, sizeof Word);
      tellAnythingGoes(&Word, sizeof Word);
      add(Word);
    }
  }
  void add(uintptr_t Word) {
    if (Active.contains(Word)) {
      LowestActive = Word < LowestActive ? Word : LowestActive;
    } else if (Word >= Active.End && Word < Root) {
      size_t I = Before.find(Word);
      if (I != Before.count())
        IsReferenced[I] = true;
    }
  }
  bool hasRange(size_t I) const { return IsReferenced[I]; }
  void addCall(const BlockedCall &Call);
  void addSignalStack();
  /// CallSp: there is none.
  uintptr_t lowestActive() const { return LowestActive; }

private:
  const KeptStack &Before;
  const AddressRange Active;
  uintptr_t LowestActive;
  const uintptr_t Root;
  bool IsReferenced[KeptStack::Most] = {};
};

} // namespace

/// The arguments, and what the kernel finds through them.
void References::addCall(const BlockedCall &Call) {
  addWords(&Call, sizeof Call);
  auto pointer = [&](int Index) {
    return reinterpret_cast<const void *>(Call.Arguments[Index]);
  };
  auto addVectors = [&](const void *Array, uint64_t Count) {
    if (Array)
      addWords(Array, Count * sizeof(iovec));
  };
  if (Call.Number == SYS_readv || Call.Number == SYS_writev)
    addVectors(pointer(1), static_cast<uint64_t>(Call.Arguments[2]));
  if (Call.Number != SYS_sendmsg && Call.Number != SYS_recvmsg)
    return;
  if (const auto *Message = static_cast<const msghdr *>(pointer(1))) {
    addWords(Message, sizeof *Message);
    addVectors(Message->msg_iov, Message->msg_iovlen);
  }
}

/// The kernel will put handlers there, whatever becomes of the object.
void References::addSignalStack() {
  stack_t Stack;
  if (sigaltstack(nullptr, &Stack) == 0 && !(Stack.ss_flags & SS_DISABLE))
    add(reinterpret_cast<uintptr_t>(Stack.ss_sp));
}

/// Where the frame begins that Address is in.
static uintptr_t frameAt(const upstare_update &Update, uintptr_t Address) {
  auto Sp = reinterpret_cast<uintptr_t>(Update.Context);
  for (size_t I = 0; I != Update.Unrolled.Count; ++I)
    if (Update.Unrolled.Frames[I].Sp <= Address)
      Sp = Update.Unrolled.Frames[I].Sp;
  return Sp & ~uintptr_t{UPSTARE_FRAME_ALIGN - 1};
}

void upstare::keepReferencedStack(upstare_update &Update) {
  const Thread &T = *Update.T;
  const size_t Count = Update.Unrolled.Count;
  References Found(Update);
  size_t Depth = 0; // of the outermost frame that stays for itself
  for (size_t I = 0; I != Count; ++I) {
    const UnrolledFrame &Frame = Update.Unrolled.Frames[I];
    const upstare_frame *Record = Frame.Record;
    Found.addWords(Record + 1, Record->size - sizeof *Record);
    if (Update.Frames[I].Point->flags & UPSTARE_POINT_KEEPS_FRAME) {
      Found.add(Frame.Sp);
      Depth = Count - I;
    }
  }
  if (Update.IsBlocked)
    Found.addCall(Update.Blocked.Call);
  Found.addSignalStack();
  Update.Kept = KeptStack();
  for (size_t I = 0; I != T.Kept.count(); ++I) {
    bool StaysForItself = T.Kept.depth(I) && T.Kept.depth(I) <= Count;
    if (StaysForItself || Found.hasRange(I))
      Update.Kept.add(T.Kept[I], StaysForItself ? T.Kept.depth(I) : 0);
  }
  if (Found.lowestActive() != T.CallSp)
    Update.Kept.add({frameAt(Update, Found.lowestActive()), T.CallSp}, Depth);
}
