//===- StackSwitches.cpp - code that goes to other stacks -----------------===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Compiled code sets the stack pointer to what it has computed from the stack
// pointer. So what loads it from memory that a caller's register points to, or
// takes a register for it that it has not written before, switches stacks.
//
// Looked at are functions that are not instrumented, and instrumented ones
// whose inline assembler speaks of the stack pointer.
//
//===----------------------------------------------------------------------===//

#include "StackSwitches.h"
#include "Instrument.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/MC/MCAsmInfo.h"
#include "llvm/MC/MCContext.h"
#include "llvm/MC/MCDisassembler/MCDisassembler.h"
#include "llvm/MC/MCInst.h"
#include "llvm/MC/MCInstrInfo.h"
#include "llvm/MC/MCRegisterInfo.h"
#include "llvm/MC/MCSubtargetInfo.h"
#include "llvm/MC/TargetRegistry.h"
#include <set>

using namespace llvm;
using namespace upstare;
using namespace upstare::patchgen;

namespace {

class SwitchFinder {
public:
  explicit SwitchFinder(const Triple &T) {
    std::string Unused;
    const Target *X86 = TargetRegistry::lookupTarget(T.str(), Unused);
    Registers.reset(X86->createMCRegInfo(T.str()));
    AsmInfo.reset(X86->createMCAsmInfo(*Registers, T.str(), MCTargetOptions()));
    Subtarget.reset(X86->createMCSubtargetInfo(T.str(), "", ""));
    Instructions.reset(X86->createMCInstrInfo());
    Context = std::make_unique<MCContext>(T, AsmInfo.get(), Registers.get(),
                                          Subtarget.get());
    Disassembler.reset(X86->createMCDisassembler(*Subtarget, *Context));
    for (unsigned R = 1; R != Registers->getNumRegs(); ++R)
      if (StringRef(Registers->getName(R)) == "RSP")
        StackPointer = R;
  }

  bool switchesStacks(ArrayRef<uint8_t> Code, uint64_t Address) {
    Written.clear();
    while (!Code.empty()) {
      MCInst I;
      uint64_t Size = 0;
      if (Disassembler->getInstruction(I, Size, Code, Address, nulls()) !=
          MCDisassembler::Success)
        Size = std::max<uint64_t>(Size, 1);
      else if (isSwitch(I))
        return true;
      Size = std::min<uint64_t>(Size, Code.size());
      Code = Code.drop_front(Size);
      Address += Size;
    }
    return false;
  }

private:
  bool isOwn(unsigned Register) const {
    return Register == StackPointer || llvm::any_of(Written, [&](unsigned R) {
             return Registers->isSubRegisterEq(R, Register) ||
                    Registers->isSubRegisterEq(Register, R);
           });
  }

  /// What I takes the stack pointer from was in a register when the function
  /// was called, or is at a fixed address.
  bool isSwitch(const MCInst &I) {
    const MCInstrDesc &D = Instructions->get(I.getOpcode());
    StringRef Name = Instructions->getName(I.getOpcode());
    bool SetsStackPointer = false;
    for (unsigned N = 0; N != D.getNumDefs(); ++N)
      SetsStackPointer |=
          I.getOperand(N).isReg() && I.getOperand(N).getReg() == StackPointer;
    bool Found = false;
    if (SetsStackPointer && (Name.starts_with("MOV") || Name == "LEA64r" ||
                             Name.starts_with("XCHG")))
      for (unsigned N = D.getNumDefs(); N != I.getNumOperands(); ++N)
        if (I.getOperand(N).isReg() && isSource(I.getOperand(N).getReg()))
          Found |= !isOwn(I.getOperand(N).getReg());
    for (unsigned N = 0; N != D.getNumDefs(); ++N)
      if (I.getOperand(N).isReg())
        Written.push_back(I.getOperand(N).getReg());
    append_range(Written, D.implicit_defs());
    return Found;
  }

  /// Not the absence of an index register, nor a segment.
  bool isSource(unsigned Register) const {
    if (!Register)
      return false;
    StringRef Name = Registers->getName(Register);
    // A frame pointer, in whatever the compiler takes for one.
    return Name.starts_with("R") && Name != "RBP";
  }

  std::unique_ptr<MCRegisterInfo> Registers;
  std::unique_ptr<MCAsmInfo> AsmInfo;
  std::unique_ptr<MCSubtargetInfo> Subtarget;
  std::unique_ptr<MCInstrInfo> Instructions;
  std::unique_ptr<MCContext> Context;
  std::unique_ptr<MCDisassembler> Disassembler;
  unsigned StackPointer = 0;
  SmallVector<unsigned, 32> Written;
};

} // namespace

static bool speaksOfStackPointer(const Function &F) {
  return llvm::any_of(instructions(F), [](const Instruction &I) {
    const InlineAsm *Asm = assemblerIn(I);
    return Asm && StringRef(Asm->getAsmString()).contains("rsp");
  });
}

/// Not a part that the compiler has split off ("f.cold"), nor of a statically
/// linked C library.
static bool mayBeAssembler(const ElfSymbol &S) {
  static const StringSet<> Names = {"longjmp",     "_longjmp",   "siglongjmp",
                                    "__longjmp",   "setcontext", "swapcontext",
                                    "makecontext", "_start"};
  StringRef Name = S.Name;
  return !Name.contains('.') && !Names.contains(Name) &&
         !Name.starts_with("_dl_") && !Name.starts_with("_Unwind_") &&
         !Name.starts_with("__libc_");
}

/// Names of those among Symbols that Suspected says to look at and that switch
/// stacks.
static Expected<std::vector<std::string>>
findSwitches(const ElfFile &File, const std::vector<ElfSymbol> &Symbols,
             SwitchFinder &Finder,
             function_ref<bool(const ElfSymbol &)> Suspected) {
  std::vector<std::string> Found;
  auto Sections = File.codeSections();
  if (!Sections)
    return Sections.takeError();
  std::set<uint64_t> Begins;
  for (const ElfSymbol &S : Symbols)
    Begins.insert(S.Address);
  for (const ElfFile::Section &In : *Sections) {
    auto Contents = File.section(In.Name);
    if (!Contents)
      return Contents.takeError();
    for (const ElfSymbol &S : Symbols) {
      if (S.Address < In.Address ||
          S.Address - In.Address >= Contents->size() || !Suspected(S))
        continue;
      auto Code = Contents->drop_front(S.Address - In.Address);
      uint64_t Size = S.Size;
      if (auto Next = Begins.upper_bound(S.Address);
          !Size && Next != Begins.end())
        Size = *Next - S.Address;
      if (Size && Size < Code.size())
        Code = Code.take_front(Size);
      if (Finder.switchesStacks(Code, S.Address))
        Found.push_back(S.Name);
    }
  }
  return Found;
}

Error patchgen::checkStackSwitches(const Program &P) {
  StringSet<> Suspects;
  for (const auto &[Key, F] : P.Functions)
    if (speaksOfStackPointer(*F.F))
      Suspects.insert(F.Name);
  std::vector<CodeRange> Ranges = P.codeRanges();
  SwitchFinder Finder(Triple(P.Units.front()->M->getTargetTriple()));
  Error All = Error::success();
  for (unsigned Index = 0; Index != P.Images.size(); ++Index) {
    const Image &I = *P.Images[Index];
    auto Found =
        findSwitches(*I.File, I.Symbols, Finder, [&](const ElfSymbol &S) {
          return mayBeAssembler(S) &&
                 (!isIn(Ranges, Index, S.Address) || Suspects.contains(S.Name));
        });
    if (!Found)
      return joinErrors(std::move(All), Found.takeError());
    for (const std::string &Name : *Found)
      All = joinErrors(
          std::move(All),
          badInput(I.path(),
                   "in function '" + Name +
                       "': its assembler code goes to another stack, on which "
                       "frames may wait that no update sees: they would go on "
                       "in old code. If none does when updates come, say so by "
                       "--allow-stack-switches"));
  }
  return All;
}

/// Libraries that return to where they came from, or switch stacks for what the
/// runtime knows of.
static bool isOfToolchain(StringRef Name) {
  return llvm::any_of(
      ArrayRef<StringRef>({"libc.", "ld-linux", "libgcc_s.", "libffi.",
                           "libunwind", "libstdc++.", "libc++", "libupstare."}),
      [&](StringRef Known) { return Name.starts_with(Known); });
}

/// Of a stripped library, only what it exports is known, and where it begins.
static Expected<std::vector<ElfSymbol>> symbolsOf(const ElfFile &File) {
  constexpr uint64_t Enough = 512;
  auto Symbols = File.symbols();
  if (!Symbols || !Symbols->empty())
    return Symbols;
  auto Exports = File.dynamicSymbols();
  if (!Exports)
    return Exports.takeError();
  for (const auto &Entry : *Exports) {
    if (!Entry.second.IsDefined || !Entry.second.IsFunction)
      continue;
    ElfSymbol S;
    S.Name = Entry.first().str();
    S.Address = Entry.second.Address;
    S.Size = Enough;
    Symbols->push_back(std::move(S));
  }
  return Symbols;
}

static Expected<std::vector<std::string>>
switchesOfLibrary(StringRef Path, SwitchFinder &Finder) {
  auto File = ElfFile::open(Path);
  if (!File)
    return File.takeError();
  auto Symbols = symbolsOf(**File);
  if (!Symbols)
    return Symbols.takeError();
  return findSwitches(**File, *Symbols, Finder, mayBeAssembler);
}

void patchgen::warnOfStackSwitches(const Program &P, Problems &Out) {
  SwitchFinder Finder(Triple(P.Units.front()->M->getTargetTriple()));
  for (const PlainLibrary &L : P.PlainLibraries) {
    if (isOfToolchain(L.Name))
      continue;
    auto Found = switchesOfLibrary(L.Path, Finder);
    if (!Found)
      consumeError(Found.takeError()); // told when the program was read
    else if (!Found->empty())
      Out.warn(L.Path + ": in function '" + Found->front() +
               "': it goes to other stacks; functions of the program that wait "
               "on one when an update comes would go on in old code");
  }
}
