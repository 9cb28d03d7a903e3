//===- AssemblerNames.cpp - what asm statements name ------------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// See AssemblerNames.h. A call or jump by name is fine: it goes to the code of
// the patch. Any other use of a function's name makes a pointer that differs
// from those that the program has, and that later patches do not know of. A
// static function or a variable that stays has another name in the patch.
//
//===----------------------------------------------------------------------===//

#include "AssemblerNames.h"
#include "Instrument.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"

using namespace llvm;
using namespace upstare;
using namespace upstare::patchgen;

namespace {

struct Mention {
  StringRef Name;
  bool Called; // or jumped to
};

bool isNameChar(char C) { return isAlnum(C) || C == '_' || C == '.'; }

/// Whether a directive puts the value of a name somewhere.
bool storesNames(StringRef Directive) {
  static const StringSet<> Known = {".quad",  ".8byte", ".long",
                                    ".4byte", ".int",   ".dc.a",
                                    ".set",   ".equ",   ".dc.l"};
  return Known.contains(Directive);
}

/// The words of one statement.
void collectWords(StringRef Statement, std::vector<StringRef> &Words) {
  StringRef Left = Statement.take_until([](char C) { return C == '#'; });
  while (!Left.empty()) {
    // Strings, registers, operands of the statement.
    if (Left.consume_front("\""))
      Left = Left.split('"').second;
    else if (Left.consume_front("%"))
      Left = Left.drop_while(isNameChar);
    else if (Left.consume_front("${"))
      Left = Left.split('}').second;
    else if (!isNameChar(Left.front()))
      Left = Left.drop_front();
    else
      Words.push_back(Left.take_while(isNameChar));
    if (!Words.empty() && Words.back().data() == Left.data())
      Left = Left.drop_front(Words.back().size());
  }
}

std::vector<Mention> mentionsIn(StringRef Text) {
  std::vector<Mention> Found;
  SmallVector<StringRef> Lines;
  SplitString(Text, Lines, "\n;");
  for (StringRef Line : Lines) {
    std::vector<StringRef> Words;
    collectWords(Line.substr(Line.find(':') + 1), Words); // after a label
    if (Words.size() < 2 ||
        (Words[0].starts_with(".") && !storesNames(Words[0])))
      continue;
    bool Called = Words[0].starts_with("call") || Words[0].starts_with("j");
    for (StringRef Name : ArrayRef(Words).drop_front())
      Found.push_back({Name, Called && Name == Words[1]});
  }
  return Found;
}

class Checker {
public:
  Checker(const Program &New, const PatchPlan &Plan, Problems &Out)
      : New(New), Plan(Plan), Out(Out) {}

  void run();

private:
  void checkText(const Unit &U, StringRef Text, const std::string &Place);
  void checkOperands(const CallBase &Call, const InlineAsm &Asm);
  void tell(const std::string &Place, const Twine &What,
            const std::string &Remedy);

  const Program &New;
  const PatchPlan &Plan;
  Problems &Out;
  StringSet<> Told;
};

const std::string Operand = "pass its address as an operand, \"r\"(address), "
                            "or read it from a variable";

void Checker::tell(const std::string &Place, const Twine &What,
                   const std::string &Remedy) {
  std::string Text = What.str();
  if (Told.insert(Place + Text).second)
    Out.missing(Place, Text, Remedy);
}

void Checker::checkText(const Unit &U, StringRef Text,
                        const std::string &Place) {
  for (const Mention &M : mentionsIn(Text)) {
    std::string Name = M.Name.str();
    if (const FunctionDef *F = resolve(New, U, M.Name)) {
      if (F->Local)
        tell(Place,
             "asm names the static function '" + Name +
                 "', which has another name in a patch",
             M.Called ? "make it extern" : Operand);
      else if (!M.Called && !Plan.Functions.at(F->Key).CanonicalSymbol.empty())
        tell(Place,
             "asm uses the address of '" + Name +
                 "' by name: that would be another one than the program knows, "
                 "and lead to old code after the next update",
             Operand);
      continue;
    }
    const GlobalVariable *G = U.M->getNamedGlobal(M.Name);
    if (!G)
      continue;
    auto Found = Plan.Globals.find(keyOf(*G));
    if (Found != Plan.Globals.end() &&
        (Found->second.Where == Storage::Bound || G->hasLocalLinkage()))
      tell(Place,
           "asm names the variable '" + Name +
               "', which a patch knows by another name, at any distance",
           "pass it as an operand, \"m\"(variable), or its address");
  }
}

/// Position independent code has no immediate addresses.
void Checker::checkOperands(const CallBase &Call, const InlineAsm &Asm) {
  unsigned Argument = 0;
  for (const InlineAsm::ConstraintInfo &C : Asm.ParseConstraints()) {
    if (!C.hasArg())
      continue;
    const Value *V = Call.getArgOperand(Argument++)->stripPointerCasts();
    bool Immediate = llvm::all_of(C.Codes, [](const std::string &Code) {
      return Code == "i" || Code == "s" || Code == "n";
    });
    if (const auto *G = dyn_cast<GlobalValue>(V); Immediate && G)
      tell(placeOf(Call),
           "asm has the address of '" + G->getName() +
               "' as an immediate operand, which a patch cannot know",
           "give it in a register, \"r\"(address)");
  }
}

void Checker::run() {
  for (const auto &U : New.Units)
    checkText(*U, U->M->getModuleInlineAsm(), U->SourcePath);
  for (const auto &[Key, F] : New.Functions)
    for (const Instruction &I : instructions(*F.F)) {
      const InlineAsm *Asm = assemblerIn(I);
      if (!Asm)
        continue;
      checkText(*F.Owner, Asm->getAsmString(), placeOf(I));
      checkOperands(cast<CallBase>(I), *Asm);
    }
}

} // namespace

void patchgen::checkAssembler(const Program &New, const PatchPlan &Plan,
                              Problems &Out) {
  Checker(New, Plan, Out).run();
}
