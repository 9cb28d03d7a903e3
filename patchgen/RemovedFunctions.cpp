//===- RemovedFunctions.cpp - kept pointers to what is gone ---------------===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What runs when a pointer to a function that NEW lacks is called? Its
// successor if the user names one. Its old code only if the user says so, and
// if that code finds its data where and as it knows them. Otherwise there is no
// patch.
//
//===----------------------------------------------------------------------===//

#include "RemovedFunctions.h"
#include "Instrument.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/Support/Path.h"
#include <set>

using namespace llvm;
using namespace upstare;
using namespace upstare::patchgen;

static std::string fileAndLine(StringRef File, unsigned Line) {
  return (sys::path::filename(File) + ":" + Twine(Line)).str();
}

static std::string placeOf(const FunctionDef &F) {
  if (const DISubprogram *S = F.F->getSubprogram())
    return fileAndLine(S->getFilename(), S->getLine());
  return sys::path::filename(F.Owner->SourcePath).str();
}

/// Where the value V is used other than as what a call calls; "" if nowhere.
static std::string useOf(const Value &V, std::set<const Value *> &Seen) {
  for (const Use &U : V.uses()) {
    const User *By = U.getUser();
    if (const auto *Call = dyn_cast<CallBase>(By); Call && Call->isCallee(&U))
      continue;
    if (const auto *I = dyn_cast<Instruction>(By)) {
      std::string In = "in " + I->getFunction()->getName().str() + "()";
      if (const DILocation *L = I->getDebugLoc().get())
        return In + " at " + fileAndLine(L->getFilename(), L->getLine());
      return In;
    }
    if (const auto *G = dyn_cast<GlobalVariable>(By)) {
      if (!G->getName().starts_with("llvm."))
        return "in the initialiser of '" + G->getName().str() + "'";
      continue;
    }
    if (isa<Constant>(By) && !isa<GlobalValue>(By) && Seen.insert(By).second)
      if (std::string Found = useOf(*By, Seen); !Found.empty())
        return Found;
  }
  return "";
}

static std::string addressUse(const Program &P, const FunctionDef &F) {
  std::set<const Value *> Seen;
  std::string Found = useOf(*F.F, Seen);
  if (F.Local)
    return Found;
  for (const auto &U : P.Units)
    if (const Function *Other = U->M->getFunction(F.F->getName());
        Other && Found.empty())
      Found = useOf(*Other, Seen);
  return Found;
}

static std::string signatureOf(const FunctionDef &F) {
  std::string Text;
  raw_string_ostream(Text) << *F.F->getFunctionType();
  return Text;
}

namespace {

/// Why the old code of a function must not run after the update.
class OldCode {
public:
  OldCode(const Analysis &A, const Program &Old) : A(A), Old(Old) {}
  std::string obstacle(const FunctionDef &F);

private:
  std::string inValue(const Unit &U, const Value *V);
  std::string inGlobal(const GlobalVariable &G);
  std::string inCallee(const Unit &U, const Function &Callee);

  const Analysis &A;
  const Program &Old;
  std::set<const Value *> Seen;
};

std::string OldCode::inGlobal(const GlobalVariable &G) {
  auto It = Old.Globals.find(keyOf(G));
  if (It == Old.Globals.end())
    return "";
  const GlobalDef *Next = A.Match.Globals.newOf(It->first);
  if (Next && A.Plan.Globals.at(Next->Key).Where == Storage::Bound)
    return "";
  // New code cannot change what nothing writes.
  if (It->second.G->isConstant())
    return "";
  return "it uses variable '" + It->second.Name + "', which " +
         (Next ? "moves" : "is removed");
}

std::string OldCode::inCallee(const Unit &U, const Function &Callee) {
  const FunctionDef *Def = resolve(Old, U, Callee.getName());
  if (!Def)
    return "";
  const FunctionDef *Next = A.Match.Functions.newOf(Def->Key);
  if (!Next)
    return obstacle(*Def);
  if (signatureOf(*Def) != signatureOf(*Next))
    return "it uses function " + Def->Name + "(), whose signature changes";
  return "";
}

std::string OldCode::inValue(const Unit &U, const Value *V) {
  const auto *C = dyn_cast<Constant>(V);
  if (!C || !Seen.insert(C).second)
    return "";
  if (const auto *F = dyn_cast<Function>(C))
    return inCallee(U, *F);
  if (const auto *G = dyn_cast<GlobalVariable>(C)) {
    std::string Reason = inGlobal(*G);
    if (!Reason.empty() || !G->isConstant())
      return Reason;
  }
  for (const Value *Operand : C->operand_values())
    if (std::string Reason = inValue(U, Operand); !Reason.empty())
      return Reason;
  return "";
}

std::string OldCode::obstacle(const FunctionDef &F) {
  if (!Seen.insert(F.F).second)
    return "";
  for (const Instruction &I : instructions(*F.F))
    for (const Value *Operand : I.operand_values())
      if (std::string Reason = inValue(*F.Owner, Operand); !Reason.empty())
        return F.Name + "(): " + Reason;
  return "";
}

} // namespace

static void nameSuccessor(Analysis &A, const FunctionDef &F,
                          const FunctionDef &Next, const std::string &Path) {
  if (signatureOf(F) != signatureOf(Next)) {
    A.Found.missing(Path,
                    "upstare_removed: " + F.Name + "() and " + Next.Name +
                        "() have different signatures",
                    "name a function of the same signature");
    return;
  }
  // Functions that nobody can hold a pointer to get no jump in later patches,
  // and nobody is asked when they are removed.
  if (!Next.AddressTaken) {
    A.Found.missing(Path,
                    "upstare_removed: later patches would not find " +
                        Next.Name +
                        "(), as nothing uses its address as a value",
                    "store its address in a variable of the new version");
    return;
  }
  A.Plan.Functions.at(Next.Key).Wanted = true;
  A.Successors.push_back({&F, &Next});
}

static void keepOldCode(Analysis &A, const Program &Old, const FunctionDef &F,
                        const std::string &Path) {
  std::string Reason = OldCode(A, Old).obstacle(F);
  // Any pointer may lead to an object of a type that changes.
  if (auto Changed = A.Types.summary().ChangedTypes;
      Reason.empty() && !Changed.empty())
    Reason = "the layout of " + Changed.front() + " changes";
  if (!Reason.empty()) {
    A.Found.missing(Path,
                    "upstare_removed: the old code of " + F.Name +
                        "() cannot run after the update: " + Reason,
                    "name a function of the new version that takes its place");
    return;
  }
  A.Found.warn("the old code of removed function " + F.Name + "() (" +
               placeOf(F) +
               ") runs where a kept pointer to it is called; no update while "
               "it is active, and later patches do not know of it");
}

/// A patch is made from two versions: the next one cannot know that pointers
/// from before this one may be kept.
static void warnOfLastUse(Analysis &A) {
  for (const auto &P : A.Match.Functions.Pairs)
    if (P.Old->AddressTaken && P.Old->Address && !P.New->AddressTaken)
      A.Found.warn(
          placeOf(*P.New) + ": the address of function " + P.New->Name +
          "() is used as a value in the old program, but not in the new one: "
          "pointers that are kept lead to the new code, but patches after this "
          "one will not replace it there, nor ask when it is removed; store "
          "its address in a variable of the new version");
}

void patchgen::decideRemoved(Analysis &A, const Program &Old,
                             const Program &New, const OverrideFile &Override) {
  warnOfLastUse(A);
  std::set<const FunctionDef *> Decided;
  for (const OverrideFile::RemovedEntry &R : Override.Removed) {
    const FunctionDef *F = lookUp(Old, R.Function, "upstare_removed", A.Found);
    if (!F)
      continue;
    Decided.insert(F);
    if (A.Match.Functions.newOf(F->Key)) {
      A.Found.missing(Override.Path,
                      "upstare_removed: " + F->Name + "() is not removed",
                      "take the entry out");
      continue;
    }
    if (!R.Successor)
      keepOldCode(A, Old, *F, Override.Path);
    else if (const FunctionDef *Next =
                 lookUp(New, *R.Successor, "upstare_removed", A.Found))
      nameSuccessor(A, *F, *Next, Override.Path);
  }
  for (const FunctionDef *F : A.Match.Functions.Removed) {
    if (!F->AddressTaken || !F->Address || Decided.count(F))
      continue;
    std::string Where = addressUse(Old, *F);
    A.Found.missing(
        placeOf(*F),
        "function " + F->Name +
            "() is removed, but may still be called through a pointer: its "
            "address is used as a value" +
            (Where.empty() ? "" : " " + Where),
        "keep it, or list it in upstare_removed: {\"" + F->Name +
            "\", \"successor\"}, or {\"" + F->Name +
            "\", 0} to let its old code run");
  }
}
