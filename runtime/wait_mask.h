//===- wait_mask.h - signal masks that go with a wait -------------*- C++
//-*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The mask under which a call waits: the program's own argument if it gave one,
// else, after an interruption, the mask that the program had before; never with
// the update signal in it.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_RUNTIME_WAIT_MASK_H
#define UPSTARE_RUNTIME_WAIT_MASK_H

#include "blocking_calls.h"
#include "signals.h"
#include <string.h>

namespace upstare {

class WaitMask {
public:
  /// Of the kernel's masks, in bytes.
  static constexpr long Size = 8;

  WaitMask(const BlockedCall &Call, const sigset_t *Given) {
    if (Given)
      memcpy(&Bits, Given, sizeof(Bits));
    else
      Bits = Call.Mask;
    Bits &= ~(uint64_t(1) << (updateSignal() - 1));
    IsNeeded = Given || (Call.Flags & CallHasMask);
  }
  WaitMask(const WaitMask &) = delete;
  WaitMask &operator=(const WaitMask &) = delete;

  /// For the kernel: null leaves the thread's mask as it is.
  long argument() const { return IsNeeded ? toKernel(&Bits) : 0; }

private:
  uint64_t Bits;
  bool IsNeeded;
};

} // namespace upstare

#endif // UPSTARE_RUNTIME_WAIT_MASK_H
