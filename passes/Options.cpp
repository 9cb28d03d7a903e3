//===- Options.cpp - options of the stages -*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// See Options.h.
//
//===----------------------------------------------------------------------===//

#include "Options.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/raw_ostream.h"
#include <cstdlib>
#include <optional>

using namespace llvm;

namespace upstare {

static Error invalid(const Twine &What) {
  return createStringError(inconvertibleErrorCode(),
                           "upstare: " + What +
                               " (see docs/options.md for the options)");
}

static Error parseOne(Options &Opts, StringRef Key, StringRef Value) {
  auto Flag = StringSwitch<bool *>(Key)
                  .Case("poll-counted-loops", &Opts.PollCountedLoops)
                  .Case("save-all", &Opts.SaveAll)
                  .Case("keep-tail-frames", &Opts.KeepTailFrames)
                  .Case("embed-bitcode", &Opts.EmbedBitcode)
                  .Case("cold-splitting", &Opts.ColdSplitting)
                  .Case("rebuild-clones", &Opts.RebuildClones)
                  .Default(nullptr);
  if (Flag) {
    auto On = StringSwitch<std::optional<bool>>(Value)
                  .Cases("1", "on", "yes", "true", "", true)
                  .Cases("0", "off", "no", "false", false)
                  .Default(std::nullopt);
    if (!On)
      return invalid("option '" + Key + "' is on or off, not '" + Value + "'");
    *Flag = *On;
    return Error::success();
  }
  if (Key == "entry-polls") {
    using Polls = Options::EntryPolls;
    auto Which = StringSwitch<std::optional<Polls>>(Value)
                     .Case("none", Polls::None)
                     .Case("cycles", Polls::Cycles)
                     .Case("all", Polls::All)
                     .Default(std::nullopt);
    if (!Which)
      return invalid("option 'entry-polls' is none, cycles or all, not '" +
                     Value + "'");
    Opts.Entry = *Which;
    return Error::success();
  }
  if (Key == "level") {
    if (Value.size() != 1 || !StringRef("0123sz").contains(Value))
      return invalid("option 'level' is one of 0 1 2 3 s z, not '" + Value +
                     "'");
    Opts.Level = Value.str();
    return Error::success();
  }
  return invalid("unknown option '" + Key + "'");
}

Expected<Options> Options::parse(StringRef Text) {
  Options Opts;
  while (!Text.empty()) {
    auto [Item, Rest] = Text.split(';');
    Text = Rest;
    if (Item.empty())
      continue;
    auto [Key, Value] = Item.split('=');
    if (Error E = parseOne(Opts, Key.trim(), Value.trim()))
      return std::move(E);
  }
  return Opts;
}

Expected<Options> Options::fromEnvironment() {
  const char *Text = std::getenv("UPSTARE_OPTIONS");
  return parse(Text ? Text : "");
}

std::string Options::str() const {
  static const char *const Polls[] = {"none", "cycles", "all"};
  std::string Text;
  raw_string_ostream OS(Text);
  OS << "entry-polls=" << Polls[static_cast<int>(Entry)]
     << ";poll-counted-loops=" << PollCountedLoops << ";save-all=" << SaveAll
     << ";keep-tail-frames=" << KeepTailFrames << ";level=" << Level;
  return Text;
}

} // namespace upstare
