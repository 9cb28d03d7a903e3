//===- RemovedFunctions.h - pointers to functions that are gone --*- C++
//-*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What happens if somebody still calls, by a pointer that was kept, a function
// that NEW does not have, or has with another signature?
//
// The old code of a removed function would run, on data of the new version. So
// that is the user's to allow, and only if all that the code touches is still
// where and what it was: see OldCode in the .cpp.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_PATCHGEN_REMOVEDFUNCTIONS_H
#define UPSTARE_PATCHGEN_REMOVEDFUNCTIONS_H

#include "Match.h"
#include "Plan.h"

namespace upstare::patchgen {

/// What the user allows for functions that OVERRIDE does not name.
struct RemovalPolicy {
  bool Keep = false;   // --keep-removed: their old code may run
  bool Refuse = false; // --refuse-unmapped: nobody is asked
};

struct RemovedFunctions {
  /// Names of those whose old code goes on; of those that nobody calls, by the
  /// user's word.
  std::vector<std::string> Kept, NeverCalled;
  /// What is allowed of those, and of functions whose address OLD does not
  /// take: the process knows whether an earlier version did.
  struct Decision {
    uint64_t OldKey;
    bool GoesOn; // its old code may run; else nobody calls it
  };
  std::vector<Decision> Decided;
  /// Old code that runs on since an earlier update would not find data or
  /// functions of NEW as it knows them.
  bool BreaksOldCode = false;
};

RemovedFunctions checkRemoved(const Program &Old, const ProgramMatch &Match,
                              const PatchPlan &Plan, Transformers &Types,
                              const OverrideFile &Override,
                              RemovalPolicy Policy, Problems &Out);

} // namespace upstare::patchgen

#endif // UPSTARE_PATCHGEN_REMOVEDFUNCTIONS_H
