//===- BindGlobals.cpp - modules of NEW become parts of a patch -----------===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// How does the plan come into the IR?
//
// Example, for a variable that stays, a constant that stays, and a new one:
//   @n = internal global i32 0              @us.g.<key> = external global i32
//   @t = internal constant [2 x ptr] […]    @us.g.<key'> = available_externally
//                                                 constant [2 x ptr] […]
//   @m = internal global i32 7              @us.s.<key"> = hidden global i32 7
// Loads from the constant still fold (unless it holds addresses of literals),
// and a call through it is still inlined. That is why addresses of functions
// are replaced only after optimisation.
//
//===----------------------------------------------------------------------===//

#include "BindGlobals.h"
#include "Literals.h"
#include "Names.h"
#include "StartAndEnd.h"
#include "Unsupported.h"
#include "upstare/abi.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/GlobalAlias.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/Transforms/Utils/ModuleUtils.h"

using namespace llvm;
using namespace upstare;
using namespace upstare::patchgen;

UnitBinder::UnitBinder(Unit &U, const Program &Old, const Program &New,
                       const PatchPlan &Plan, const ExternalSymbols &Externals)
    : U(U), M(*U.M), Old(Old), New(New), Plan(Plan), Externals(Externals) {
  // Names as stored: other units are changed meanwhile. A static function hides
  // one of the same name that another unit exports.
  for (const auto &[Key, Def] : New.Functions)
    if (Def.Local && Def.Owner == &U)
      FunctionKeys[Def.Name] = Key;
    else if (!Def.Local)
      FunctionKeys.try_emplace(Def.Name, Key);
  for (const auto &[Name, Key] : New.FunctionAliases)
    FunctionKeys.try_emplace(Name, Key);
  if (auto It = FunctionKeys.find("main"); It != FunctionKeys.end())
    FunctionKeys[MainName] = It->second;
}

/// Makes G stand for a symbol that another image defines.
static void makeForeign(GlobalValue &G, const Twine &Name) {
  G.setVisibility(GlobalValue::DefaultVisibility);
  G.setDSOLocal(false);
  G.setDLLStorageClass(GlobalValue::DefaultStorageClass);
  G.setName(Name);
}

/// Makes G a symbol of the patch that other parts of it may use.
static void makeHidden(GlobalValue &G) {
  G.setVisibility(GlobalValue::HiddenVisibility);
  G.setDSOLocal(true);
}

void UnitBinder::removeConstructors() {
  for (const char *Name : {"llvm.global_ctors", "llvm.global_dtors"}) {
    if (GlobalVariable *List = M.getNamedGlobal(Name))
      List->eraseFromParent();
  }
}

/// Of several weak definitions only the linker's choice is part of the program;
/// the others must not bring rebuild clones of the same name.
void UnitBinder::dropLosers() {
  for (auto &Shape : U.Shapes.Functions) {
    auto It = New.Functions.find(Shape->Key);
    if (It == New.Functions.end() || It->second.F == Shape->F ||
        It->second.Owner == &U || !Shape->Rebuild)
      continue;
    Shape->Rebuild->eraseFromParent();
    Shape->Rebuild = nullptr;
  }
}

/// Whether another file's definition takes the place of a weak alias.
bool UnitBinder::isOverridden(const GlobalAlias &A) const {
  uint64_t Key = upstare_key(A.getName().str().c_str());
  return !A.hasLocalLinkage() &&
         (New.Functions.count(Key) || New.Globals.count(Key));
}

/// An alias is another name for storage or code that has its place elsewhere.
void UnitBinder::resolveAliases() {
  for (GlobalAlias &A : make_early_inc_range(M.aliases())) {
    GlobalObject *Target = A.getAliaseeObject();
    if (!Target)
      continue;
    if (isOverridden(A)) {
      GlobalValue *Other = nullptr;
      if (auto *Type = dyn_cast<FunctionType>(A.getValueType()))
        Other = Function::Create(Type, GlobalValue::ExternalLinkage, "", &M);
      else
        Other = new GlobalVariable(M, A.getValueType(), false,
                                   GlobalValue::ExternalLinkage, nullptr, "");
      Other->takeName(&A);
      A.replaceAllUsesWith(Other);
      A.eraseFromParent();
      continue;
    }
    A.replaceAllUsesWith(A.getAliasee());
    // Calls by other files go to the alias of a function, and all else to what
    // it stands for.
    if (isa<GlobalVariable>(Target) || A.hasLocalLinkage())
      A.eraseFromParent();
    else
      makeHidden(A);
  }
}

/// us.t.<key> stands for the distance from the thread pointer, which the
/// runtime knows: code of the patch reaches the program's variable in any
/// thread, as the program's own code does.
void UnitBinder::bindThreadLocal(GlobalVariable &G, const GlobalPlan &P) {
  Constant *Distance = ConstantExpr::getPtrToInt(
      M.getOrInsertGlobal(P.Symbol, Type::getInt8Ty(M.getContext())),
      Type::getInt64Ty(M.getContext()));
  for (User *U : make_early_inc_range(G.users())) {
    auto *Address = cast<IntrinsicInst>(U); // llvm.threadlocal.address
    IRBuilder<> B(Address);
    Value *Pointer = B.CreateIntrinsic(Intrinsic::thread_pointer, {}, {});
    Address->replaceAllUsesWith(B.CreateGEP(B.getInt8Ty(), Pointer, Distance));
    Address->eraseFromParent();
  }
  G.eraseFromParent();
}

/// Right behind a named constant of a patch begins nothing: the next update
/// could not tell a pointer to a literal there from one to the constant's end.
/// (Other variables are followed by named ones alone, which it knows.)
GlobalVariable &UnitBinder::padConstant(GlobalVariable &G) {
  if (!G.isConstant() || !G.hasInitializer() || G.hasSection())
    return G;
  Constant *Pad = ConstantInt::get(Type::getInt8Ty(M.getContext()), 0);
  Constant *Padded = ConstantStruct::getAnon({G.getInitializer(), Pad},
                                             /*Packed=*/true);
  auto *New = new GlobalVariable(M, Padded->getType(), /*isConstant=*/true,
                                 G.getLinkage(), Padded, "", &G);
  New->copyAttributesFrom(&G);
  New->copyMetadata(&G, 0);
  New->setComdat(G.getComdat());
  if (!New->getAlign())
    New->setAlignment(M.getDataLayout().getPreferredAlign(&G));
  New->takeName(&G);
  G.replaceAllUsesWith(New);
  // The plan still points to it.
  G.removeFromParent();
  U.Replaced.emplace_back(&G);
  return *New;
}

/// Whether C is or holds the address of something without a name.
static bool refersToUnnamed(const Constant &C) {
  if (const auto *G = dyn_cast<GlobalValue>(&C))
    return G->hasPrivateLinkage();
  return llvm::any_of(C.operands(), [](const Value *Operand) {
    const auto *Part = dyn_cast<Constant>(Operand);
    return Part && refersToUnnamed(*Part);
  });
}

void UnitBinder::bindVariable(GlobalVariable &Unpadded, const GlobalPlan &P) {
  GlobalVariable &G =
      P.Where == Storage::Bound ? Unpadded : padConstant(Unpadded);
  if (P.ThreadLocal && P.Where == Storage::Bound)
    return bindThreadLocal(G, P);
  if (P.Where != Storage::Bound) {
    if (G.hasLocalLinkage())
      G.setLinkage(GlobalValue::ExternalLinkage);
    // The tables refer to it, whether the code still does or not.
    if (G.hasLinkOnceLinkage())
      G.setLinkage(G.hasLinkOnceODRLinkage() ? GlobalValue::WeakODRLinkage
                                             : GlobalValue::WeakAnyLinkage);
    // Loading the patch must not call anything.
    if (G.hasSection() && (isCalledSection(G.getSection()) || !P.New->Address))
      G.setSection(""); // what NEW's linker dropped is in no section
    G.setName(P.Symbol);
    makeHidden(G);
    return;
  }
  G.setComdat(nullptr);
  G.setSection("");
  G.setPartition("");
  G.setUnnamedAddr(GlobalValue::UnnamedAddr::None);
  // The storage was laid out for the old definition.
  Align Known =
      std::min(G.getAlign().valueOrOne(), P.Old->G->getAlign().valueOrOne());
  G.setAlignment(Known);
  // What locates the variable for a debugger is the definition.
  G.eraseMetadata(LLVMContext::MD_dbg);
  // Code that has a literal from it folded in would have the patch's own, which
  // is not the one that the program's pointers lead to.
  if (G.isConstant() && G.hasInitializer() &&
      !refersToUnnamed(*G.getInitializer())) {
    G.setLinkage(GlobalValue::AvailableExternallyLinkage);
  } else {
    G.setInitializer(nullptr);
    G.setLinkage(GlobalValue::ExternalLinkage);
  }
  makeForeign(G, P.Symbol);
}

void UnitBinder::bindVariables() {
  // Declarations of thread-local ones, too: their uses change.
  for (GlobalVariable &G : make_early_inc_range(M.globals())) {
    auto It = Plan.Globals.find(keyOf(G));
    if (!G.isThreadLocal() || It == Plan.Globals.end())
      continue;
    if (It->second.Where != Storage::Bound)
      // In the static blocks of all threads, of which the C library keeps some
      // room: nothing is called to find it.
      G.setThreadLocalMode(GlobalValue::InitialExecTLSModel);
    else if (G.isDeclarationForLinker())
      bindThreadLocal(G, It->second);
  }
  // Keys first: they depend on linkage, which binding changes.
  std::vector<std::pair<GlobalVariable *, const GlobalPlan *>> Work;
  for (GlobalVariable &G : M.globals()) {
    if (G.isDeclarationForLinker() || G.hasPrivateLinkage() || !G.hasName())
      continue;
    if (auto It = Plan.Globals.find(keyOf(G)); It != Plan.Globals.end())
      Work.push_back({&G, &It->second});
  }
  for (auto [G, P] : Work)
    bindVariable(*G, *P);
}

/// Declarations: of variables and functions that another module of the patch
/// defines, that stay in the program, or that other images define.
static void bindDeclaration(GlobalValue &G, const Program &New,
                            const PatchPlan &Plan,
                            const ExternalSymbols &Externals) {
  std::string Name = GlobalValue::dropLLVMManglingEscape(G.getName()).str();
  uint64_t Key = upstare_key(Name.c_str());
  if (auto It = Plan.Globals.find(Key); It != Plan.Globals.end()) {
    if (It->second.Where == Storage::Bound)
      makeForeign(G, It->second.Symbol);
    else
      makeHidden(G);
    return;
  }
  if (New.Functions.count(Key)) {
    makeHidden(G);
    return;
  }
  makeForeign(G, Externals.Natives.count(Name) ? "us.n." + Name
                                               : G.getName().str());
}

void UnitBinder::bindDeclarations() {
  for (GlobalValue &G : M.global_values()) {
    bool Intrinsic = isa<Function>(G) && cast<Function>(G).isIntrinsic();
    // Bound ones have their names; constants among them keep initialisers.
    if (G.isDeclarationForLinker() && !Intrinsic && !G.getName().empty() &&
        !G.getName().starts_with("us."))
      bindDeclaration(G, New, Plan, Externals);
  }
  for (Function &F : M)
    if (!F.isDeclarationForLinker() && !F.hasLocalLinkage())
      makeHidden(F);
}

/// Other files' aliases of variables.
void UnitBinder::bindForeignAliases() {
  for (GlobalVariable &G : make_early_inc_range(M.globals())) {
    if (!G.isDeclarationForLinker())
      continue;
    auto It = New.VariableAliases.find(G.getName().str());
    if (It == New.VariableAliases.end())
      continue;
    const GlobalPlan &P = Plan.Globals.at(It->second);
    if (GlobalVariable *Same = M.getNamedGlobal(P.Symbol)) {
      G.replaceAllUsesWith(Same);
      G.eraseFromParent();
    } else {
      makeForeign(G, P.Symbol);
      if (P.Where != Storage::Bound)
        makeHidden(G);
    }
  }
}

void UnitBinder::setPositionIndependent() {
  NamedMDNode *Flags = M.getModuleFlagsMetadata();
  SmallVector<Module::ModuleFlagEntry, 8> Entries;
  M.getModuleFlagsMetadata(Entries);
  if (Flags)
    Flags->clearOperands();
  for (const auto &Entry : Entries)
    if (Entry.Key->getString() != "PIC Level" &&
        Entry.Key->getString() != "PIE Level")
      M.addModuleFlag(Entry.Behavior, Entry.Key->getString(), Entry.Val);
  M.setPICLevel(PICLevel::BigPIC);
}

/// A function whose address the program may hold must exist in the patch, even
/// if all its uses fold away, and take its arguments as the source says:
/// earlier addresses lead there, and the next patch will refer to it.
void UnitBinder::keepAddressTaken() {
  SmallVector<GlobalValue *, 16> Keep;
  for (const auto &[Key, P] : Plan.Functions)
    if (P.New->Owner == &U && P.New->Local &&
        (P.New->AddressTaken || !P.CanonicalSymbol.empty()))
      Keep.push_back(P.New->F);
  appendToCompilerUsed(M, Keep);
}

void UnitBinder::beforeOptimiser() {
  removeConstructors();
  removeCounters(M);
  dropLosers();
  resolveAliases();
  keepAddressTaken();
  bindLiterals(M, Old, New);
  bindVariables();
  bindDeclarations();
  bindForeignAliases();
  setPositionIndependent();
}

/// Whether U uses the address of the function as a value that others may see.
static bool isAddressUse(const Use &U) {
  const User *By = U.getUser();
  if (const auto *Call = dyn_cast<CallBase>(By))
    return !Call->isCallee(&U);
  if (isa<Instruction>(By))
    return true;
  if (isa<BlockAddress>(By) || isa<DSOLocalEquivalent>(By) ||
      isa<NoCFIValue>(By) || isa<Function>(By) || isa<GlobalAlias>(By) ||
      isa<GlobalIFunc>(By))
    return false;
  // llvm.used and llvm.compiler.used are lists of definitions.
  if (isa<ConstantArray>(By))
    return !llvm::all_of(By->users(), [](const User *Holder) {
      const auto *G = dyn_cast<GlobalVariable>(Holder);
      return G && G->getName().starts_with("llvm.");
    });
  return true;
}

void UnitBinder::atOptimiserEnd() {
  SmallVector<GlobalValue *, 16> Replaced;
  for (Function &F : make_early_inc_range(M)) {
    auto It = FunctionKeys.find(F.getName().str());
    if (It == FunctionKeys.end())
      continue;
    const FunctionPlan &P = Plan.Functions.at(It->second);
    if (P.CanonicalSymbol.empty() || llvm::none_of(F.uses(), isAddressUse))
      continue;
    // An alias leads to the same one.
    Function *Canonical = M.getFunction(P.CanonicalSymbol);
    if (!Canonical)
      Canonical =
          Function::Create(F.getFunctionType(), GlobalValue::ExternalLinkage,
                           F.getAddressSpace(), P.CanonicalSymbol, &M);
    F.replaceUsesWithIf(Canonical, [](Use &U) { return isAddressUse(U); });
    CanonicalUsed.push_back(It->second);
    if (!F.isDeclarationForLinker())
      Replaced.push_back(&F);
  }
  // Its own code may have lost its last use, but is where the canonical
  // address will lead.
  appendToCompilerUsed(M, Replaced);
}

void UnitBinder::afterOptimiser() {
  for (Function &F : M) {
    auto It = FunctionKeys.find(F.getName().str());
    if (It == FunctionKeys.end())
      continue;
    const FunctionPlan &P = Plan.Functions.at(It->second);
    // The code generator adds "@@8" to some names, and the linker takes that
    // for a version.
    bool Decorated = F.getCallingConv() == CallingConv::X86_VectorCall;
    if (F.isDeclarationForLinker()) {
      if (Decorated)
        F.setName("\1" + F.getName());
      continue;
    }
    Defined.push_back(It->second);
    if (F.hasLocalLinkage())
      F.setLinkage(GlobalValue::ExternalLinkage);
    F.setName((Decorated ? "\1" : "") + P.EntrySymbol);
    makeHidden(F);
    // The next patch may let the entry jump.
    if (F.getAlign().valueOrOne() < Align(UPSTARE_ENTRY_ALIGN))
      F.setAlignment(Align(UPSTARE_ENTRY_ALIGN));
  }
}

void patchgen::bindForeignModule(Module &M, const Program &New,
                                 const PatchPlan &Plan,
                                 const ExternalSymbols &Externals) {
  for (GlobalValue &G : M.global_values()) {
    bool Intrinsic = isa<Function>(G) && cast<Function>(G).isIntrinsic();
    if (G.isDeclarationForLinker() && !Intrinsic && !G.getName().empty())
      bindDeclaration(G, New, Plan, Externals);
  }
}
