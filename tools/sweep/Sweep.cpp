//===- Sweep.cpp - an update at every point of a run
//-----------------------===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// See Sweep.h.
//
//===----------------------------------------------------------------------===//

#include "Sweep.h"
#include "Compare.h"
#include "Json.h"
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <memory>
#include <poll.h>
#include <thread>
#include <vector>

using namespace upstare;

namespace {

/// One point and the run that tries it.
struct Trial {
  uint64_t Point;
  Run Child;
};

class Sweeper {
public:
  Sweeper(const SweepOptions &Options, SweepResult &Result)
      : Options(Options), Result(Result) {}
  bool run(std::string &Error);

private:
  const SweepOptions &Options;
  SweepResult &Result;
  Outcome Expected;
  double Timeout = 0;
  std::vector<std::unique_ptr<Trial>> Active;

  bool runOnce(const Run::Variables &Extra, double Seconds, Outcome &Out,
               std::string &Error);
  bool runPlain(std::string &Error);
  bool countPoints(std::string &Error);
  std::vector<uint64_t> choosePoints() const;
  bool startTrial(uint64_t Point, std::string &Error);
  void waitForOne();
  void judge(const Trial &T, const Outcome &Got);
  std::string differenceOf(const Outcome &Got) const;
};

} // namespace

bool Sweeper::runOnce(const Run::Variables &Extra, double Seconds, Outcome &Out,
                      std::string &Error) {
  Run Child;
  if (!Child.start(Options.What, Extra, Seconds, Error))
    return false;
  pollfd Wait = {Child.pidFd(), POLLIN, 0};
  if (poll(&Wait, 1, int(Seconds * 1000)) == 0)
    Child.enforceTimeout();
  Out = Child.finish();
  return true;
}

bool Sweeper::runPlain(std::string &Error) {
  // Nothing is known yet about how long it takes.
  double Patience = Options.Timeout > 0 ? Options.Timeout : 3600;
  if (!runOnce({}, Patience, Expected, Error))
    return false;
  if (Expected.TimedOut) {
    Error = "the run without update takes longer than " +
            std::to_string(int(Patience)) + " s";
    return false;
  }
  Timeout = Options.Timeout > 0 ? Options.Timeout : 10 * Expected.Seconds + 10;
  return true;
}

bool Sweeper::countPoints(std::string &Error) {
  ScratchFile Count;
  Outcome Counted;
  if (!runOnce({{"UPSTARE_COUNT", Count.path()}}, Timeout, Counted, Error))
    return false;
  std::string Text = Count.contents();
  char *End;
  Result.Points = strtoull(Text.c_str(), &End, 10);
  if (End == Text.c_str()) {
    Error = "the program did not count its update points (" +
            Counted.describeEnd() +
            "): was it built with upstare-cc, and does it end by exit() or by "
            "returning from main?";
    return false;
  }
  std::string Difference = differenceOf(Counted);
  if (!Difference.empty()) {
    Error = "two runs without update differ, so that a sweep can say "
            "nothing:\n" +
            Difference;
    return false;
  }
  if (Result.Points)
    return true;
  Error = "the program reaches no update point";
  return false;
}

/// The points to try: every Step-th, or Max of them spread evenly from the
/// first to the last.
std::vector<uint64_t> Sweeper::choosePoints() const {
  std::vector<uint64_t> All;
  uint64_t Count = (Result.Points - 1) / Options.Step + 1;
  uint64_t Chosen = Options.Max ? std::min(Options.Max, Count) : Count;
  for (uint64_t I = 0; I < Chosen; ++I) {
    uint64_t Index =
        Chosen == 1 ? 0
                    : uint64_t((__uint128_t(I) * (Count - 1)) / (Chosen - 1));
    All.push_back(1 + Index * Options.Step);
  }
  return All;
}

bool Sweeper::startTrial(uint64_t Point, std::string &Error) {
  auto T = std::make_unique<Trial>();
  T->Point = Point;
  Run::Variables Extra = {
      {"UPSTARE_APPLY_AT", std::to_string(Point) + ":" + Options.Patch},
      {"UPSTARE_REPORT", T->Child.reportFile().path()}};
  if (!T->Child.start(Options.What, Extra, Timeout, Error))
    return false;
  Active.push_back(std::move(T));
  return true;
}

/// Waits until a trial ends, by itself or because its time is up.
void Sweeper::waitForOne() {
  std::vector<pollfd> Polls;
  double Left = Timeout;
  for (const auto &T : Active) {
    Polls.push_back({T->Child.pidFd(), POLLIN, 0});
    Left = std::min(Left, T->Child.secondsLeft());
  }
  poll(Polls.data(), Polls.size(), int(std::ceil(Left * 1000)));
  for (size_t I = Active.size(); I-- > 0;) {
    Active[I]->Child.enforceTimeout();
    if (!Polls[I].revents)
      continue;
    std::unique_ptr<Trial> Ended = std::move(Active[I]);
    Active.erase(Active.begin() + ptrdiff_t(I));
    judge(*Ended, Ended->Child.finish());
  }
}

/// Whether the runtime reported a committed update; if not, why.
static bool wasApplied(const Outcome &Got, std::string &Why) {
  std::string Line = Got.Report.substr(0, Got.Report.find('\n'));
  Json Report;
  if (!parseJson(Line, Report)) {
    Why = "the program ended before the update";
    return false;
  }
  Why = Report["message"].Text;
  return Report["ok"].Text == "true";
}

std::string Sweeper::differenceOf(const Outcome &Got) const {
  std::string Text = firstDifference(Expected.Output, Got.Output);
  if (!Text.empty())
    Text = "standard output differs:\n" + Text;
  if (Options.CompareMessages && Expected.Messages != Got.Messages)
    Text += "standard error differs:\n" +
            firstDifference(Expected.Messages, Got.Messages);
  if (Got.TimedOut || Got.WaitStatus != Expected.WaitStatus)
    Text += "expected " + Expected.describeEnd() + ", got " +
            Got.describeEnd() + "\n";
  return Text;
}

void Sweeper::judge(const Trial &T, const Outcome &Got) {
  ++Result.Tried;
  std::string Why;
  if (wasApplied(Got, Why)) {
    ++Result.Applied;
  } else {
    ++Result.NotApplied;
    if (!Result.FirstNotApplied || T.Point < Result.FirstNotApplied) {
      Result.FirstNotApplied = T.Point;
      Result.WhyNotApplied = Why;
    }
  }
  std::string Difference = differenceOf(Got);
  if (Difference.empty())
    return;
  ++Result.Different;
  if (Result.FirstDifferent && Result.FirstDifferent < T.Point)
    return;
  Result.FirstDifferent = T.Point;
  Result.FirstDifference = Difference;
  if (!Options.CompareMessages && !Got.Messages.empty())
    Result.FirstDifference +=
        "its standard error:\n" + Got.Messages.substr(0, 2000);
}

bool Sweeper::run(std::string &Error) {
  if (!runPlain(Error) || !countPoints(Error))
    return false;
  if (!Options.ExpectFile.empty()) {
    std::ifstream File(Options.ExpectFile, std::ios::binary);
    if (!File) {
      Error = "cannot read " + Options.ExpectFile;
      return false;
    }
    Expected.Output.assign(std::istreambuf_iterator<char>(File), {});
  }
  unsigned Jobs = Options.Jobs
                      ? Options.Jobs
                      : std::max(1u, std::thread::hardware_concurrency());
  for (uint64_t Point : choosePoints()) {
    while (Active.size() >= Jobs)
      waitForOne();
    if (!startTrial(Point, Error))
      return false;
  }
  while (!Active.empty())
    waitForOne();
  return true;
}

bool upstare::sweep(const SweepOptions &Options, SweepResult &Result,
                    std::string &Error) {
  return Sweeper(Options, Result).run(Error);
}
