//===- ColdSplitting.cpp - landing pads leave the hot text -*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Machine function splitting moves landing pads to .text.split.* without a
// profile when asked to. Clang offers no way to ask with -fpass-plugin alone,
// but the options are registered in the process that loads the plugin.
//
//===----------------------------------------------------------------------===//

#include "Stages.h"
#include "llvm/Support/CommandLine.h"

using namespace llvm;

namespace upstare {

static bool setOption(StringRef Name) {
  auto &Registered = cl::getRegisteredOptions();
  auto It = Registered.find(Name);
  if (It == Registered.end())
    return false;
  if (It->second->getNumOccurrences() == 0)
    It->second->addOccurrence(0, Name, "true");
  return true;
}

bool enableColdSplitting() {
  return setOption("enable-split-machine-functions") &&
         setOption("mfs-split-ehcode");
}

} // namespace upstare
